import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a match is decided once, and an acceptance opens one conversation, however many decide at once.
@Suite struct MatchDecisionTests {
    private func paired(
        _ body: (MatchMarket, _ mine: Match, _ theirs: Match) async throws -> Void
    ) async throws {
        try await MatchMarket.with { market in
            let person = try await market.person("React")
            let company = try await market.company()
            try await market.gig("React developer", of: company)
            try await body(
                market, try await market.match(of: person, with: company),
                try await market.match(of: company, with: person))
        }
    }

    @Test func `an acceptance opens a conversation with its message, and both sides are told`() async throws {
        try await paired { (market, mine, _) async throws in
            let accepted = try await market.act(
                .accept, on: mine, "Hello!", MatchActionMetadata(priority: .high, notes: "Ask for the rate."))
            #expect(accepted.status == .accepted && accepted.priority == .high && accepted.notes == "Ask for the rate.")
            let opened = try #require(market.peers.current.opened.first)
            #expect(opened.key == accepted.actionID && opened.value.conversation == accepted.conversationID)
            #expect(
                opened.value.what == .init(user: mine.userID, other: mine.otherID, match: mine.id, message: "Hello!"))
            let told = try #require(try await market.told(.matchAccepted).first)
            #expect(told.to == [mine.userID, mine.otherID])
            #expect(told.data["match_id"]?.string == mine.id.prefixed)
            #expect(told.data["action_id"]?.string == accepted.actionID?.prefixed)
            #expect(told.data["action"]?.string == "accept" && told.data["status"]?.string == "accepted")
            #expect(told.data["message"]?.string == "Hello!" && told.data["reason"] == .null)
            #expect(told.data["conversation_id"]?.string == accepted.conversationID?.prefixed)
            #expect(told.data["notes"] == nil)
            let shown = try await market.list(mine.userID).items
            #expect(shown.first?.view(for: .freelancer).status == .accepted)
            #expect(shown.first?.view(for: .freelancer).nextActions.isEmpty == true)
        }
    }

    @Test func `a rejection tells its reason, ends both sides, and the two are not matched again`() async throws {
        try await paired { (market, mine, theirs) async throws in
            let rejected = try await market.act(.reject, on: mine, "Too far away.")
            #expect(rejected.status == .rejected && rejected.conversationID == nil)
            let told = try await market.told(.matchRejected)
            #expect(told.count == 1 && told.first?.to == [mine.userID, mine.otherID])
            #expect(told.first?.data["reason"]?.string == "Too far away." && told.first?.data["message"] == .null)
            await #expect(throws: MatchError.notNow(.accept, .rejected, allowed: [])) {
                try await market.act(.accept, on: theirs)
            }
            for user in [mine.userID, mine.otherID] { #expect(try await market.others(user).isEmpty) }
            market.talents.clock.advance(by: .days(8))
            for user in [mine.userID, mine.otherID] { #expect(try await market.others(user).isEmpty) }
            #expect(market.peers.current.calls == 0)
        }
    }

    @Test func `a saved match can still be decided, and saving it again is refused`() async throws {
        try await paired { (market, mine, theirs) async throws in
            #expect(try await market.act(.save, on: mine).status == .saved)
            await #expect(throws: MatchError.notNow(.save, .saved, allowed: [.accept, .reject])) {
                try await market.act(.save, on: mine)
            }
            #expect(try await market.list(mine.userID).items.first?.view(for: .freelancer).status == .saved)
            #expect(try await market.act(.accept, on: mine).status == .accepted)
            #expect(try await market.act(.accept, on: theirs).status == .accepted)
            for action in MatchAction.allCases {
                await #expect(throws: MatchError.notNow(action, .accepted, allowed: [])) {
                    try await market.act(action, on: mine)
                }
            }
        }
    }

    @Test func `somebody else's match does not exist`() async throws {
        try await paired { (market, mine, theirs) async throws in
            for action in MatchAction.allCases {
                await #expect(throws: MatchError.notFound(mine.id)) {
                    try await market.act(action, on: mine, by: theirs.userID)
                }
            }
        }
    }

    @Test func `an expired match takes no action`() async throws {
        try await paired { (market, mine, _) async throws in
            market.talents.clock.advance(by: .days(7))
            for action in MatchAction.allCases {
                await #expect(throws: MatchError.notNow(action, .expired, allowed: [])) {
                    try await market.act(action, on: mine)
                }
            }
        }
    }

    @Test func `of a hundred at once one accepts, and there is one conversation`() async throws {
        try await paired { (market, mine, _) async throws in
            let tried = await attempts(100) { try await market.act(.accept, on: mine, "Hello \($0)") }
            #expect(tried.successes.count == 1)
            #expect(tried.failures.allSatisfy { ($0 as? MatchError)?.code == .conflict })
            #expect(market.peers.current.opened.count == 1)
            #expect(try await market.told(.matchAccepted).count == 1)
        }
    }

    @Test func `of a hundred that accept, reject and save at once one decides`() async throws {
        try await paired { (market, mine, theirs) async throws in
            let tried = await attempts(100) { index in
                let match = index % 7 == 0 ? theirs : mine
                return try await market.act(MatchAction.allCases[index % 3], on: match)
            }
            #expect(tried.failures.allSatisfy { ($0 as? MatchError)?.code == .conflict })
            let decided = tried.successes.filter { [.accepted, .rejected].contains($0.status) }
            let rejected = try await market.told(.matchRejected).count
            let accepted = try await market.told(.matchAccepted).count
            #expect((1...2).contains(decided.count) && rejected + accepted == decided.count && rejected <= 1)
            #expect(Set(decided.map(\.id)).count == decided.count)
        }
    }

    @Test func `while messages is away nothing is accepted, and the same conversation is found later`() async throws {
        try await paired { (market, mine, _) async throws in
            market.peers.change { $0.outage = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) { try await market.act(.accept, on: mine, "Hello!") }
            #expect(try await market.told(.matchAccepted).isEmpty)
            market.peers.change { $0.outage = nil }
            let accepted = try await market.act(.accept, on: mine, "Hello again!")
            #expect(accepted.status == .accepted)
            #expect(market.peers.current.opened.values.map(\.what.message) == ["Hello again!"])
        }
    }

    @Test func `while a conversation is being opened a rejection must wait, on both sides`() async throws {
        try await paired { (market, mine, theirs) async throws in
            market.peers.change { state in
                state.meanwhile = {
                    for match in [mine, theirs] {
                        let error = await #expect(throws: MatchError.self) { try await market.act(.reject, on: match) }
                        #expect(error == .beingAccepted || match.id == theirs.id)
                    }
                }
            }
            #expect(try await market.act(.accept, on: mine).status == .accepted)
        }
    }

    @Test func `an acceptance that its process did not survive goes on with the same conversation`() async throws {
        try await paired { (market, mine, _) async throws in
            try await market.database.execute(
                """
                UPDATE matches SET opening_id = \(ActionID.make(at: .start)), opening_message = 'First',
                                   opening_until = \(market.now + .seconds(20))
                 WHERE id = \(mine.id)
                """)
            await #expect(throws: MatchError.beingAccepted) { try await market.act(.reject, on: mine) }
            #expect(try await market.act(.accept, on: mine, "Second").status == .accepted)
            #expect(market.peers.current.opened.values.map(\.what.message) == ["First"])
        }
    }

    @Test func `who has left cannot be written to`() async throws {
        try await paired { (market, mine, _) async throws in
            market.peers.change { $0.outage = PeerRefusal.sample(.notFound) }
            await #expect(throws: MatchError.otherHasLeft) { try await market.act(.accept, on: mine) }
            #expect(try await market.act(.reject, on: mine).status == .rejected)
        }
    }

    @Test func `a live match is there for both, until it is rejected or over`() async throws {
        try await paired { (market, mine, theirs) async throws in
            func live() async throws -> [MatchID?] {
                [
                    try await market.matching.workflow.live(between: mine.userID, mine.otherID, at: market.now),
                    try await market.matching.workflow.live(between: mine.otherID, mine.userID, at: market.now),
                ]
            }
            #expect(try await live().allSatisfy { $0 == mine.id || $0 == theirs.id })
            let stranger = AccountID.make(at: .start)
            #expect(
                try await market.matching.workflow.live(between: mine.userID, stranger, at: market.now) == nil)
            try await market.act(.accept, on: theirs)
            #expect(try await live() == [theirs.id, theirs.id])
            market.talents.clock.advance(by: .days(9))
            #expect(try await live() == [theirs.id, theirs.id])
        }
        try await paired { (market, mine, _) async throws in
            try await market.act(.reject, on: mine)
            #expect(
                try await market.matching.workflow.live(between: mine.otherID, mine.userID, at: market.now) == nil)
        }
        try await paired { (market, mine, _) async throws in
            market.talents.clock.advance(by: .days(7))
            #expect(
                try await market.matching.workflow.live(between: mine.userID, mine.otherID, at: market.now) == nil)
        }
    }
}
