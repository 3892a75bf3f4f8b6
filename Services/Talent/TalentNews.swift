import ServiceKit
import SharedModels

/// Creates profiles for new accounts, follows what auth knows of them, and empties those of deleted accounts. Changes
/// the ghost score when a contract ends or a dispute is lost. Has matching follow gigs. Counts messages, and
/// who is active. Events about deleted accounts are ignored.
struct TalentNews: Sendable {
    let profiles: ProfileStore
    let finder: ProfileFinder
    let clients: ClientRecordStore
    let matching: FeatureWorkflow
    let departures: DepartureWorkflow
    let figures = FigureStore()

    func register(on events: EventReceiver) {
        events.on(AccountCreated.self, before: { _ = try await finder.find($0.userID, at: $0.takenAt) }) { _, _ in }
        // The event says that something changed. What is true now, auth knows.
        events.on(AccountUpdated.self, before: { try await finder.renew($0.userID, at: $0.takenAt) }) { _, _ in }
        events.on(AccountDeleted.self) { event, tx in
            try await departures.leave(event.userID, as: event.id, at: event.takenAt, in: tx)
        }
        events.on(ContractUpdated.self, before: { try await meet($0.content.scoredParties, at: $0.takenAt) }) {
            event, tx in
            guard let points = GhostScore.points(for: event.status) else { return }
            for party in event.content.scoredParties.sorted() {
                try await profiles.addGhostScore(points, to: party, for: event.aggregate, at: event.takenAt, in: tx)
            }
        }
        events.on(GigCreated.self) { event, tx in
            try await matching.follow(
                event.content, as: event.aggregate, sequence: event.sequence, at: event.takenAt, in: tx)
            try await figures.noteActivity(of: event.ownerUserID, on: event.takenAt.day, in: tx)
            guard event.flow == .escrowCheckout else { return }
            try await clients.insertIfAbsent(job: event.aggregate, of: event.ownerUserID, in: tx)
        }
        events.on(GigUpdated.self) { event, tx in
            try await matching.follow(
                event.content, as: event.aggregate, sequence: event.sequence, at: event.takenAt, in: tx)
        }
        events.on(GigDeleted.self) { event, tx in
            try await matching.follow(
                event.content, as: event.aggregate, sequence: event.sequence, isDeleted: true, at: event.takenAt,
                in: tx)
        }
        events.on(CheckoutContractChanged.self) { event, tx in
            try await clients.save(
                contract: event.aggregate, of: event.clientUserID, amount: .inr(paise: event.amount),
                isSpent: event.isPaid && event.status != .canceled, sequence: event.sequence, in: tx)
        }
        events.on(
            MessageCounted.self, before: { try await meet([$0.senderID, $0.recipientID], at: $0.takenAt) }
        ) { event, tx in
            try await figures.note(event.content, in: tx)
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

extension ContractReading {
    /// The parties whose scores its status changes.
    fileprivate var scoredParties: [AccountID] {
        GhostScore.points(for: status) == nil ? [] : [clientUserID, workerUserID]
    }
}
