import ServiceKit
import SharedModels

/// Somebody who fits an account: the account's own match, about the other.
struct Match: Sendable, Equatable {
    static let lifetime = Duration.days(7)
    /// How long an acceptance may take to open its conversation.
    static let openingTime = Duration.seconds(30)

    let id: MatchID
    let userID: AccountID
    let otherID: AccountID
    var status: MatchStatus
    var points: MatchPoints
    /// The skills asked for that are there, the best first.
    var skills: [String]
    var actionID: ActionID?
    var priority: MatchPriority?
    var notes: String?
    var opening: MatchOpening?
    var conversationID: ConversationID?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
    let expiresAt: Timestamp
}

/// An acceptance under way.
struct MatchOpening: Sendable, Equatable {
    let id: ActionID
    let message: String?
    let until: Timestamp
}

extension Match {
    init(of user: AccountID, with other: AccountID, _ points: MatchPoints, skills: [String], at now: Timestamp) {
        self.init(
            id: .make(at: now), userID: user, otherID: other, status: .pending, points: points, skills: skills,
            version: 1, createdAt: now, updatedAt: now, expiresAt: now + Self.lifetime)
    }

    /// The status as time has made it.
    func status(at now: Timestamp) -> MatchStatus {
        status.allows(.expire) && expiresAt <= now ? .expired : status
    }

    /// What its owner can do with it now.
    func actions(at now: Timestamp) -> [MatchAction] {
        status(at: now).allowed.compactMap(\.action)
    }

    /// - Throws: ``MatchError/notNow(_:_:allowed:)``, ``MatchError/beingAccepted``.
    func require(_ action: MatchAction, at now: Timestamp) throws(MatchError) {
        let actions = actions(at: now)
        guard actions.contains(action) else { throw .notNow(action, status(at: now), allowed: actions) }
        if action != .accept, let opening, opening.until > now { throw .beingAccepted }
    }

    func nextActions(by role: PartyRole, at now: Timestamp) -> [NextAction] {
        actions(at: now).map { action in
            NextAction(
                action.rawValue, Endpoints.matches.act.operation, ["id": id.prefixed], by: [role],
                deadline: expiresAt, body: ["action": .string(action.rawValue)])
        }
    }
}

// Every change.
extension Match {
    /// Begins an acceptance, or goes on with one.
    mutating func open(_ id: ActionID, message: String?, at now: Timestamp) throws(MatchError) -> MatchOpening {
        try require(.accept, at: now)
        let kept = opening.flatMap { $0.until > now ? $0 : nil }
        // The same id again: a conversation that was opened before the call failed is found by it.
        let opening = MatchOpening(
            id: opening?.id ?? id, message: kept == nil ? message : kept?.message, until: now + Self.openingTime)
        self.opening = opening
        touch(at: now)
        return opening
    }

    /// Lets other actions in again after a conversation could not be opened.
    mutating func close(at now: Timestamp) {
        guard let opening else { return }
        self.opening = MatchOpening(id: opening.id, message: opening.message, until: now)
        touch(at: now)
    }

    mutating func accept(into conversation: ConversationID, as id: ActionID, at now: Timestamp) throws(MatchError) {
        try move(.accept, at: now)
        (conversationID, actionID, opening) = (conversation, id, nil)
    }

    mutating func reject(as id: ActionID, at now: Timestamp) throws(MatchError) {
        try require(.reject, at: now)
        try move(.reject, at: now)
        (actionID, opening) = (id, nil)
    }

    mutating func save(as id: ActionID, at now: Timestamp) throws(MatchError) {
        try require(.save, at: now)
        try move(.save, at: now)
        actionID = id
    }

    mutating func note(_ metadata: MatchActionMetadata?) {
        priority = metadata?.priority ?? priority
        notes = metadata?.notes ?? notes
    }

    private mutating func move(_ event: MatchEvent, at now: Timestamp) throws(MatchError) {
        do {
            status = try status(at: now).applying(event)
        } catch {
            throw .notNow(event.action ?? .save, error.state, allowed: actions(at: now))
        }
        touch(at: now)
    }

    private mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }
}

extension Match {
    /// - Parameter work: What it is about.
    func created(about work: MatchedWork?) throws -> Announcement {
        try Announcement(
            MatchCreated.self, of: id, sequence: version, to: [userID],
            MatchNews(
                matchID: id, userID: userID, matchedUserID: otherID, work: work, matchScore: points.total,
                skillsMatched: skills, compatibilityScores: points.compatibility, timestamp: createdAt,
                expiresAt: expiresAt),
            at: createdAt)
    }

    /// - Parameter text: What was written with the action.
    func decided<E: Event>(_ event: E.Type, _ action: MatchAction, _ text: String?) throws -> Announcement
    where E.Content == MatchDecision {
        guard let actionID else { throw MatchError.notFound(id) }
        return try Announcement(
            event, of: id, sequence: version, to: [userID, otherID],
            MatchDecision(
                matchID: id, userID: userID, matchedUserID: otherID, matchScore: points.total, skillsMatched: skills,
                status: status, actionID: actionID, action: action, text: text, conversationID: conversationID,
                timestamp: updatedAt, expiresAt: expiresAt),
            at: updatedAt)
    }
}

extension MatchPoints {
    var compatibility: CompatibilityScores {
        CompatibilityScores(technical: technical, cultural: cultural, experience: experience)
    }
}

extension OfferFeatures {
    /// `nil` for what a profile alone looks for.
    var work: MatchedWork? { gigID.map { MatchedWork(gigID: $0, title: title ?? "") } }
}
