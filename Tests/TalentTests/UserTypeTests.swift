import OutboundHTTP
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: an account changes sides only when nothing is open on its present side, and auth agrees.
@Suite struct UserTypeTests {
    @Test(arguments: UserType.allCases)
    func `a switch is shown at once`(from: UserType) async throws {
        try await Talents.with { talents in
            let to: UserType = from == .client ? .freelancer : .client
            let changed = try await talents.update(
                ProfileUpdate(bio: .set("I count"), userType: to), by: talents.caller(as: from))
            #expect(changed.view.userType == to && changed.view.bio == "I count")
            #expect(talents.peers.current.switched == [to])
        }
    }

    @Test func `a switch alone is a change of the profile that shows it`() async throws {
        try await Talents.with { talents in
            let changed = try await talents.update(ProfileUpdate(userType: .client))
            #expect(changed.version == 2)
        }
    }

    @Test(arguments: UserType.allCases)
    func `the type one has needs no switch, whatever is open`(type: UserType) async throws {
        try await Talents.with { talents in
            talents.peers.change {
                $0.deals[talents.account] = OpenDeals(asClient: 1, asWorker: 1)
                $0.switchRefusal = PeerRefusal.sample(.conflict, "no")
            }
            let changed = try await talents.update(
                ProfileUpdate(bio: .set("I count"), userType: type), by: talents.caller(as: type))
            #expect(changed.view.userType == type && changed.view.bio == "I count")
            #expect(talents.peers.current.switched.isEmpty)
        }
    }

    @Test(arguments: UserType.allCases)
    func `open deals in the present role keep one in it, and nothing is changed`(from: UserType) async throws {
        try await Talents.with { talents in
            let to: UserType = from == .client ? .freelancer : .client
            talents.peers.change {
                $0.deals[talents.account] = OpenDeals(
                    asClient: from == .client ? 2 : 0, asWorker: from == .client ? 0 : 2)
            }
            await #expect(throws: ProfileError.openDeals(from, count: 2)) {
                try await talents.update(
                    ProfileUpdate(bio: .set("I count"), userType: to), by: talents.caller(as: from))
            }
            let (view, version) = try await talents.workflow.own(
                talents.caller(as: from), at: talents.clock.now
            ).shown
            #expect(view.userType == from && view.bio == nil && version == 1)
            #expect(talents.peers.current.switched.isEmpty)
        }
    }

    @Test(arguments: UserType.allCases)
    func `open deals in the other role do not matter`(from: UserType) async throws {
        try await Talents.with { talents in
            let to: UserType = from == .client ? .freelancer : .client
            talents.peers.change {
                $0.deals[talents.account] = OpenDeals(
                    asClient: from == .client ? 0 : 3, asWorker: from == .client ? 3 : 0)
            }
            try await talents.update(ProfileUpdate(userType: to), by: talents.caller(as: from))
            #expect(talents.peers.current.switched == [to])
        }
    }

    @Test func `who may not become a freelancer hears auth's reason, and nothing is changed`() async throws {
        try await Talents.with { talents in
            let refusal = PeerRefusal.sample(.forbidden, "Freelancers must sign in with GitHub.")
            talents.peers.change { $0.switchRefusal = refusal }
            await #expect(throws: refusal) {
                try await talents.update(
                    ProfileUpdate(bio: .set("I count"), userType: .freelancer),
                    by: talents.caller(as: .client))
            }
            #expect(refusal.code == .forbidden)
            #expect(refusal.publicMessage == "Freelancers must sign in with GitHub.")
            let (view, version) = try await talents.workflow.own(
                talents.caller(as: .client), at: talents.clock.now
            ).shown
            #expect(view.userType == .client && view.bio == nil && version == 1)
        }
    }

    @Test func `while contracts or auth is out there is no switch, and nothing is changed`() async throws {
        try await Talents.with { talents in
            _ = try await talents.own()
            talents.peers.change { $0.outage = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) {
                try await talents.update(ProfileUpdate(bio: .set("I count"), userType: .client))
            }
            talents.peers.change { $0.outage = nil }
            #expect(try await talents.own().bio == nil)
            #expect(talents.peers.current.switched.isEmpty)
        }
    }

    @Test func `of switches that saw the same version one reaches auth, and the others change nothing`() async throws {
        try await Talents.with { talents in
            _ = try await talents.own()
            let switches = await attempts(6) { index in
                try await talents.update(
                    ProfileUpdate(bio: .set("\(index)"), userType: .client), expecting: onlyVersion(1)
                ).view.bio
            }
            #expect(switches.successes.count == 1)
            #expect(switches.failures.allSatisfy { ($0 as? Refusal)?.code == .preconditionFailed })
            #expect(talents.peers.current.switched == [.client])
            #expect(try await talents.own().bio == switches.successes.first)
        }
    }

    @Test func `a conditional change that comes during a conditional switch is refused`() async throws {
        try await Talents.with { talents in
            _ = try await talents.own()
            talents.peers.change {
                $0.meanwhile = {
                    await #expect(throws: Refusal(.preconditionFailed, "2")) {
                        try await talents.update(ProfileUpdate(bio: .set("I was late")), expecting: onlyVersion(1))
                    }
                }
            }
            let changed = try await talents.update(
                ProfileUpdate(bio: .set("I was first"), userType: .client), expecting: onlyVersion(1))
            #expect(changed.view.bio == "I was first" && changed.view.userType == .client)
            #expect(try await talents.own().bio == "I was first")
        }
    }

    @Test func `a change that comes during the switch is kept beside this one`() async throws {
        try await Talents.with { talents in
            talents.peers.change {
                $0.meanwhile = { try await talents.update(ProfileUpdate(bio: .set("I count"))) }
            }
            let changed = try await talents.update(
                ProfileUpdate(displayName: .set("A. L."), userType: .client))
            #expect(changed.view.bio == "I count" && changed.view.displayName == "A. L.")
            #expect(changed.version == 3)
        }
    }
}
