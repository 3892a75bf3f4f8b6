import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: an account is deleted completely or not at all, never with something open, and its owner can
/// come back as a new user.
@Suite struct DeletionTests {
    private let clock = TestClock()
    private let blocker = DeletionBlocker(
        .money, of: .make(at: Timestamp(seconds: 0)), in: .make(at: Timestamp(seconds: 0)))

    private func use(_ body: (AuthWorld) async throws -> Void) async throws {
        try await AuthWorld.use(clock, body)
    }

    @Test func `nothing of the account is accepted any more, and nothing says whose it was`() async throws {
        try await use { world in
            let session = try await world.session()
            let agent = try await world.agents.create(
                HostedAgentInput(name: "ada's helper"), for: world.account)
            let key = try await world.keys.create(
                APIKeyInput(name: "ada's laptop", hostedAgentID: agent.id), for: world.account)
            #expect(try await world.isAccepted(session, .cookie))
            #expect(try await world.isAccepted(key.text, .token))
            try await world.deletions.delete(world.account, reason: "enough")
            #expect(try await !world.isAccepted(session, .cookie))
            #expect(try await !world.isAccepted(key.text, .token))
            #expect(try await world.words() == ["Deleted account", "Deleted agent"])
            let tombstone: (String?, Timestamp) = try await world.database.one(
                "SELECT reason, deleted_at FROM deleted_accounts WHERE account_id = \(world.account)"
            ) { (try $0.decode("reason"), try $0.decode("deleted_at")) }
            #expect(tombstone == ("enough", clock.now))
            #expect(
                try await world.destinations(of: .accountDeleted)
                    == ["contracts", "jobs", "messages", "notifications", "payments", "talent"])
        }
    }

    @Test func `no service learns of a deleted account any more`() async throws {
        try await use { world in
            let accounts = world.accounts
            try await world.deletions.delete(world.account, reason: nil)
            let gone = AccountError.notFound(world.account)
            await #expect(throws: gone) { try await accounts.account(world.account) }
            await #expect(throws: gone) { try await accounts.setUserType(.client, of: world.account) }
            await #expect(throws: gone) { try await accounts.setPlan(.pro, of: world.account) }
        }
    }

    @Test func `a session that slips in with the deletion is worth nothing`() async throws {
        try await use { world in
            try await world.deletions.delete(world.account, reason: nil)
            let session = try await world.session()
            #expect(try await !world.isAccepted(session, .cookie))
        }
    }

    @Test func `what is asked for while the account is being deleted finds it gone`() async throws {
        try await use { (world) async throws in
            let (account, keys, agents) = (world.account, world.keys, world.agents)
            let agent = try await agents.create(HostedAgentInput(name: "one"), for: account)
            let key = try await keys.create(APIKeyInput(name: "old", hostedAgentID: agent.id), for: account)
            let calls: [@Sendable () async throws -> Void] = [
                { _ = try await keys.create(APIKeyInput(name: "new"), for: account) },
                { _ = try await keys.create(APIKeyInput(hostedAgentID: agent.id), for: account) },
                { _ = try await keys.rotate(key.id, of: account, overlap: .seconds(60)) },
                { try await agents.delete(agent.id, of: account, expecting: anyVersion) },
                { _ = try await agents.create(HostedAgentInput(name: "two"), for: account) },
            ]
            let ended = try await world.overtaking {
                await attempts(calls.count) { try await calls[$0]() }
            }.get()
            #expect(ended.failures.map { $0 as? AccountError } == calls.map { _ in .hasEnded })
            #expect(try await world.words() == ["Deleted account", "Deleted agent"])
            #expect(try await keys.page(of: account, after: nil, limit: 9).items.map(\.id) == [key.id])
        }
    }

    @Test func `who signs in while the account is being deleted does not`() async throws {
        try await use { (world) async throws in
            let signIn = try await world.overtaking { try await world.signIn() }
            #expect(throws: PasswordError.wrong) { try signIn.get() }
            let sessions: Int = try await world.database.one("SELECT count(*) AS count FROM sessions") {
                try $0.decode("count")
            }
            #expect(sessions == 0)
        }
    }

    @Test func `a key's rotation waits for the removal of its agent, and finds the key ended`() async throws {
        try await use { (world) async throws in
            let (account, keys, agents) = (world.account, world.keys, world.agents)
            let agent = try await agents.create(HostedAgentInput(name: "one"), for: account)
            let key = try await keys.create(APIKeyInput(hostedAgentID: agent.id), for: account)
            let (removal, rotation) = try await world.database.transaction { tx in
                _ = try await agents.agents.lock(agent.id, in: tx)
                let removal = Task.detached { try await agents.delete(agent.id, of: account, expecting: anyVersion) }
                try await world.database.waitUntilBlocked(1)
                let rotation = Task.detached {
                    try await keys.rotate(key.id, of: account, overlap: .seconds(60))
                }
                try await world.database.waitUntilBlocked(2)
                try await tx.execute("SELECT FROM api_keys WHERE id = \(key.id) FOR UPDATE NOWAIT")
                return (removal, rotation)
            }
            try await removal.value
            await #expect(throws: KeyError.hasEnded) { try await rotation.value }
        }
    }

    @Test func `a deletion that waits for a key has not locked the later ones`() async throws {
        try await use { (world) async throws in
            let account = world.account
            // Neither in the order in which they were written, nor the newest first.
            let later = try await world.keys.create(APIKeyInput(), for: account)
            clock.advance(by: .hours(-1))
            let earlier = try await world.keys.create(APIKeyInput(), for: account)
            let workflow = world.deletions
            let deletion = try await world.database.transaction { tx in
                _ = try await KeyStore().lock(earlier.id, of: account, in: tx)
                let deletion = Task.detached { try await workflow.delete(account, reason: nil) }
                try await world.database.waitUntilBlocked(1)
                try await tx.execute("SELECT FROM api_keys WHERE id = \(later.id) FOR UPDATE NOWAIT")
                return deletion
            }
            try await deletion.value
        }
    }

    @Test func `a deleted account's password and access tokens are worth nothing`() async throws {
        try await AuthWorld.use { world in
            let token = try await world.signIn().accessToken
            #expect(try await world.resolve(token).principal != nil)
            let workflow = world.deletions
            try await workflow.delete(world.account, reason: nil)
            #expect(try await world.refusal(of: token) != nil)
            await #expect(throws: PasswordError.wrong) { try await world.signIn() }
        }
    }

    @Test func `what is open is named, once, and the account goes on`() async throws {
        try await use { world in
            let payout = DeletionBlocker(
                .payout, of: .make(at: clock.now), in: .make(at: clock.now), payoutAt: clock.now + .days(3))
            let dispute = DeletionBlocker(
                .dispute, of: .make(at: clock.now), in: .make(at: clock.now), disputeID: .make(at: clock.now))
            world.peers.change { state in
                state.deals = [blocker, dispute]
                state.money = [blocker, payout]
            }
            let error = await #expect(throws: DeletionError.accountInUse([blocker, dispute, payout])) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(error?.code == .conflict)
            let paths = [
                "milestones.\(try #require(blocker.milestoneID))",
                "disputes.\(try #require(dispute.disputeID))",
                "payouts.\(try #require(payout.milestoneID))",
            ]
            #expect(error?.issues.map(\.path) == paths)
            #expect(error?.issues.last?.message.contains("2026-01-04") == true)
            #expect(error?.issues.allSatisfy { $0.message.contains("contract ") } == true)
            #expect(try await world.isAccepted(world.session(), .cookie))
            #expect(try await world.destinations(of: .accountDeleted).isEmpty)
        }
    }

    @Test func `what a bank disputes and what a wallet's owner owes are named with the way on`() async throws {
        try await use { world in
            let contract = ContractID.make(at: clock.now)
            world.peers.change {
                $0.money = [
                    DeletionBlocker(.chargeback, of: nil, in: contract), DeletionBlocker(walletOf: 5),
                    DeletionBlocker(debtOf: 9_050),
                ]
            }
            let error = await #expect(throws: DeletionError.self) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(error?.issues.map(\.path) == ["payments.\(contract)", "wallet", "wallet"])
            #expect(
                error?.issues.last?.message
                    == "lacks 90.50 INR that clients' banks and cards took back; pay that to the operator, "
                    + "or ask for it to be written off")
            let told = try await world.destinations(of: .accountDeleted)
            #expect(told.isEmpty)
        }
    }

    @Test func `who is not deleted after all is not kept out of its deals`() async throws {
        try await use { world in
            world.peers.change { $0.money = [blocker] }
            await #expect(throws: DeletionError.accountInUse([blocker])) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(!world.peers.current.isKeptOut)
            world.peers.change { $0.outage = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(!world.peers.current.isKeptOut)
            world.peers.change { state in
                state.outage = nil
                state.money = []
            }
            try await world.deletions.delete(world.account, reason: nil)
            #expect(world.peers.current.isKeptOut)
        }
    }

    @Test func `who hangs up is not kept out of their deals either`() async throws {
        try await use { (world) async throws in
            world.peers.change { state in
                state.isHungUp = true
                state.outage = OutboundError.timedOut
            }
            let (workflow, account) = (world.deletions, world.account)
            let deletion = Task { try await workflow.delete(account, reason: nil) }
            await #expect(throws: OutboundError.timedOut) { try await deletion.value }
            #expect(!world.peers.current.isKeptOut)
        }
    }

    @Test func `a deletion that is called off leaves another one's reservation`() async throws {
        try await use { world in
            let other = DepartureID.make(at: clock.now)
            _ = try await world.peers.depart(world.account, as: other)
            world.peers.change { $0.money = [blocker] }
            await #expect(throws: DeletionError.accountInUse([blocker])) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(world.peers.current.departures == [other])
        }
    }

    @Test func `an account does not end when what is open was asked for too long ago`() async throws {
        try await use { world in
            let session = try await world.session()
            world.peers.change { [clock] in $0.onAsking = { clock.advance(by: .seconds(46)) } }
            let error = await #expect(throws: DeletionError.tooSlow) {
                try await world.deletions.delete(world.account, reason: nil)
            }
            #expect(error?.code.status == 503 && error?.retryAfter != nil)
            #expect(try await world.isAccepted(session, .cookie))
            #expect(try await world.destinations(of: .accountDeleted).isEmpty)
            world.peers.change { [clock] in $0.onAsking = { clock.advance(by: .seconds(45)) } }
            try await world.deletions.delete(world.account, reason: nil)
        }
    }

    @Test func `an account does not end when its deletion had to wait that long for others`() async throws {
        try await use { (world) async throws in
            let (workflow, account) = (world.deletions, world.account)
            let deletion = try await world.database.transaction { tx in
                _ = try await AccountStore().lock(account, in: tx)
                let deletion = Task.detached { try await workflow.delete(account, reason: nil) }
                try await world.database.waitUntilBlocked(1)
                clock.advance(by: .seconds(46))
                return deletion
            }
            await #expect(throws: DeletionError.tooSlow) { try await deletion.value }
        }
    }

    @Test func `of several deletions at once one counts, and the others find nobody`() async throws {
        try await use { (world) async throws in
            let workflow = world.deletions
            let account = world.account
            let ended = await attempts(4) { try await workflow.delete(account, reason: nil) }
            #expect(ended.successes.count == 1)
            #expect(ended.failures.allSatisfy { $0 as? AccountError == .hasEnded })
            #expect(AccountError.hasEnded.code == .unauthorized)
            #expect(try await world.destinations(of: .accountDeleted).count == 6)
        }
    }

    @Test func `the same GitHub user makes a new account afterwards`() async throws {
        try await use { world in
            try await world.deletions.delete(world.account, reason: nil)
            let again = Account.signingUp(try .named("ada", id: 1), plan: .free, at: clock.now)
            let isAdded = try await world.database.transaction {
                try await AccountStore().insertIfAbsent(again, in: $0)
            }
            #expect(isAdded && again.id != world.account)
        }
    }

    @Test(arguments: [nil, .google, .gitHub] as [Provider?])
    func `who comes back by any identity of the account is not new, also by one that was taken away`(
        taken: Provider?
    ) async throws {
        try await use { world in
            let limits = try #require(Plan.free.limits)
            let made = Session.make(for: world.account, at: clock.now).session
            try await world.database.transaction { try await SessionStore().insert(made, in: $0) }
            let person = GooglePerson(subject: "g-1", email: "grace@example.org", name: "Grace Hopper")
            try await world.sessions.link(
                .google(person), to: LiveSession(id: made.id, accountID: world.account))
            if let taken { try await world.sessions.unlink(taken, of: world.account) }
            let used = try await UsageStore().charge(
                world.account, limits, unspent: 0, at: clock.now, in: world.database
            ).dayUsed
            try await world.deletions.delete(world.account, reason: nil)
            #expect(try await world.database.rows("SELECT FROM former_identities").count == 0)

            let identity: ProvenIdentity = taken == .gitHub ? .gitHub(try .named("ada", id: 1)) : .google(person)
            _ = try await world.sessions.begin(for: identity)
            let account: Account = try #require(
                try await world.database.transaction { try await AccountStore().lock(identity, in: $0) })
            #expect(account.isReturning && account.id != world.account)
            let next = try await UsageStore().charge(account.id, limits, unspent: 0, at: clock.now, in: world.database)
            #expect(used > 0 && next.dayUsed == used + next.requests)
        }
    }
}
