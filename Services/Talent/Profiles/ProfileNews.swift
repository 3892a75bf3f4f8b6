import ServiceKit
import SharedModels

/// Makes profiles of new accounts, follows their names at GitHub, empties those of deleted ones, and moves the ghost
/// score with the end of a contract or a dispute. What is told of accounts that are gone is passed over.
struct ProfileNews: Sendable {
    let profiles: ProfileStore
    let finder: ProfileFinder
    let deletion: DeletionWorkflow

    func register(on events: EventReceiver) {
        events.on(AccountCreated.self, before: { _ = try await finder.find($0.userID, at: $0.takenAt) }) { _, _ in }
        events.on(AccountUpdated.self) { event, tx in
            // An account that was not met yet is met with the name that it has by then.
            try await profiles.follow(
                gitHub: event.githubUsername, of: event.userID, accountVersion: event.sequence, at: event.takenAt,
                in: tx)
        }
        events.on(AccountDeleted.self) { event, tx in
            try await deletion.delete(event.userID, as: event.id, at: event.takenAt, in: tx)
        }
        events.on(ContractUpdated.self, before: { try await meet($0.content.scoredParties, at: $0.takenAt) }) {
            event, tx in
            guard let points = GhostScore.points(for: event.status) else { return }
            for party in event.content.scoredParties.sorted() {
                try await profiles.addGhostScore(points, to: party, for: event.aggregate, at: event.takenAt, in: tx)
            }
        }
        events.on(DisputeLost.self, before: { try await meet([$0.userID], at: $0.takenAt) }) { event, tx in
            try await profiles.addGhostScore(
                GhostScore.lostDispute, to: event.userID, for: event.aggregate, at: event.takenAt, in: tx)
        }
    }

    private func meet(_ accounts: [AccountID], at now: Timestamp) async throws {
        if !accounts.isEmpty { _ = try await finder.find(accounts, at: now) }
    }
}

/// How the end of a contract moves both parties' scores, and a lost dispute the loser's.
enum GhostScore {
    static let lostDispute = -15

    /// `nil` when the scores stay.
    static func points(for status: ContractStatus) -> Int? {
        switch status {
        case .completed: 5
        case .expired: -5
        case .pendingOwnerApproval, .pendingFreelancerKYC, .pendingClientFunding, .pendingBoth, .active,
            .cancelled:
            nil
        }
    }
}

extension ContractReading {
    /// Whose scores its status moves.
    fileprivate var scoredParties: [AccountID] {
        GhostScore.points(for: status) == nil ? [] : [clientUserID, workerUserID]
    }
}
