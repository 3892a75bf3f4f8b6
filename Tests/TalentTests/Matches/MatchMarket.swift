import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// Messages, as far as matching calls it: a conversation for each opening.
final class FakeMatchPeers: MatchPeers, Fake {
    struct Opened: Equatable {
        let user: AccountID
        let other: AccountID
        let match: MatchID
        let message: String?
    }

    struct State {
        var opened: [ActionID: (conversation: ConversationID, what: Opened)] = [:]
        var calls = 0
        /// Thrown by every call.
        var outage: (any Error)?
        /// Run once, inside the next call.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    let state = Shared(State())

    func open(
        _ id: ActionID, by user: AccountID, with other: AccountID, over match: MatchID, message: String?
    ) async throws -> ConversationID {
        if let meanwhile = state.change({ $0.meanwhile.take() }) { try await meanwhile() }
        return try state.change { state in
            state.calls += 1
            if let outage = state.outage { throw outage }
            if let known = state.opened[id] { return known.conversation }
            let conversation = ConversationID.make(at: .start)
            state.opened[id] = (
                conversation, Opened(user: user, other: other, match: match, message: message)
            )
            return conversation
        }
    }
}

/// Talent with matching, people and companies.
struct MatchMarket: Sendable {
    let talents: Talents

    var matching: Matching { talents.features.matching }
    var peers: FakeMatchPeers { talents.matchPeers }
    var database: Database { talents.database }
    var now: Timestamp { talents.clock.now }

    static func with<Result: Sendable>(
        embedder: (any TextEmbedder)? = nil, _ body: (MatchMarket) async throws -> Result
    ) async throws -> Result {
        try await Talents.with(embedder: embedder) { talents in
            talents.features.matching.register(on: talents.scheduler)
            return try await body(MatchMarket(talents: talents))
        }
    }

    func person(_ skills: String..., name: String = "Grace Hopper") async throws -> AccountID {
        let id = talents.newAccount(.sample(name: name, github: nil))
        try await talents.update(ProfileUpdate(skills: .set(skills)), by: talents.caller(id))
        return id
    }

    func company(_ name: String = "Initech") async throws -> AccountID {
        let id = talents.newAccount(.sample(name: name, github: nil, type: .client))
        _ = try await talents.published(id)
        return id
    }

    /// Jobs tells of a gig.
    @discardableResult
    func gig(
        _ title: String, of owner: AccountID, as id: GigID = .make(at: .start), status: GigStatus = .active,
        sequence: Int64 = 1, _ event: EventName = .gigCreated
    ) async throws -> GigID {
        try await talents.tell(
            event.rawValue, of: EventAggregate(id.uuid),
            [
                "id": .string("\(id)"), "owner_user_id": .string("\(owner)"), "title": .string(title),
                "description": .null, "scope": .null, "rate_cents": .null, "status": .string(status.rawValue),
                "flow": "milestone_capture", "currency": "usd",
            ], sequence: sequence)
        return id
    }

    func list(
        _ user: AccountID, _ filter: MatchFilter = MatchFilter(minimumScore: 0), page: Int = 1,
        after cursor: MatchCursor? = nil, limit: Int = 20
    ) async throws -> MatchPage {
        try await matching.workflow.list(of: user, filter, page: page, after: cursor, limit: limit, at: now)
    }

    /// The matches of an account, by the others.
    func others(_ user: AccountID, _ filter: MatchFilter = MatchFilter(minimumScore: 0)) async throws -> [AccountID] {
        try await list(user, filter).items.map(\.scored.match.otherID)
    }

    func match(of user: AccountID, with other: AccountID) async throws -> Match {
        try #require(try await list(user, limit: 100).items.first { $0.scored.match.otherID == other }).scored.match
    }

    @discardableResult
    func act(
        _ action: MatchAction, on match: Match, by user: AccountID? = nil, _ message: String? = nil,
        _ metadata: MatchActionMetadata? = nil
    ) async throws -> Match {
        try await matching.decisions.act(
            MatchActionInput(action: action, message: message, metadata: metadata), on: match.id,
            by: user ?? match.userID)
    }

    /// The events of a name that were written, with the receivers and the data, in order.
    func told(_ name: EventName) async throws -> [(to: [AccountID], data: JSONValue)] {
        try await database.all(
            "SELECT recipients, data FROM outbox WHERE name = \(name.rawValue) ORDER BY position"
        ) { row in
            let data: JSONB = try row.decode("data")
            return (try row.decode("recipients"), try JSONValue.parse(data.bytes))
        }
    }
}
