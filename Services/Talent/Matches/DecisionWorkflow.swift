import Postgres
import ServiceKit
import SharedModels

/// What a match's user does with it. The first one decides; everybody else is told what became of it.
struct DecisionWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let matches: MatchStore
    let peers: any MatchPeers
    let outbox: Outbox
    let figures = FigureStore()

    /// - Throws: ``MatchError``; `OutboundError` when the conversation of an acceptance cannot be opened just now.
    func act(_ input: MatchActionInput, on id: MatchID, by user: AccountID) async throws -> Match {
        switch input.action {
        case .accept: try await accept(input, id, by: user)
        case .reject: try await reject(input, id, by: user)
        case .save:
            try await change(id, by: user) { match, now, _ in
                try match.save(as: .make(at: now), at: now)
                match.note(input.metadata)
            }
        }
    }

    /// Opens the conversation between two transactions. The first keeps rejection out meanwhile. If the process dies in
    /// between, the next acceptance finds the conversation by the same id.
    private func accept(_ input: MatchActionInput, _ id: MatchID, by user: AccountID) async throws -> Match {
        let begun = try await change(id, by: user) { match, now, _ in
            _ = try match.open(.make(at: now), message: input.message, at: now)
        }
        guard let opening = begun.opening else { throw MatchError.notFound(id) }
        let conversation: ConversationID
        do {
            conversation = try await peers.open(
                opening.id, by: user, with: begun.otherID, over: id, message: opening.message)
        } catch {
            _ = try await change(id, by: user) { match, now, _ in match.close(at: now) }
            if let refusal = error as? PeerRefusal, refusal.code == .notFound { throw MatchError.otherHasLeft }
            throw error
        }
        return try await change(id, by: user) { match, now, tx in
            try match.accept(into: conversation, as: opening.id, at: now)
            match.note(input.metadata)
            try await outbox.append(match.decided(MatchAccepted.self, .accept, opening.message), in: tx)
        }
    }

    /// Rejects the match on both sides: the other must not be able to accept what was rejected.
    private func reject(_ input: MatchActionInput, _ id: MatchID, by user: AccountID) async throws -> Match {
        try await database.transaction { tx in
            let now = clock.now
            guard let found = try await matches.find(id, in: tx), found.userID == user else {
                throw MatchError.notFound(id)
            }
            let pair = try await matches.lock(found.userID, found.otherID, in: tx)
            // An expired match is in no pair; it is refused by its state.
            var match = pair.first { $0.id == id } ?? found
            let action = ActionID.make(at: now)
            try match.reject(as: action, at: now)
            match.note(input.metadata)
            try await matches.save(match, in: tx)
            try await figures.noteActivity(of: user, on: now.day, in: tx)
            if var mirror = pair.first(where: { $0.id != id }), mirror.actions(at: now).contains(.reject) {
                try mirror.reject(as: action, at: now)
                try await matches.save(mirror, in: tx)
            }
            try await outbox.append(match.decided(MatchRejected.self, .reject, input.message), in: tx)
            return match
        }
    }

    /// Changes a match of the user under its lock.
    private func change(
        _ id: MatchID, by user: AccountID, _ body: (inout Match, Timestamp, Transaction) async throws -> Void
    ) async throws -> Match {
        try await database.transaction { tx in
            guard var match = try await matches.lock(id, in: tx), match.userID == user else {
                throw MatchError.notFound(id)
            }
            let version = match.version
            let now = clock.now
            try await body(&match, now, tx)
            if match.version != version {
                try await matches.save(match, in: tx)
                try await figures.noteActivity(of: user, on: now.day, in: tx)
            }
            return match
        }
    }
}
