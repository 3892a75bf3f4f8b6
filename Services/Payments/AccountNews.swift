import ServiceKit
import SharedModels

/// What payments does when auth tells of accounts. Each may be told more than once.
struct AccountNews: Sendable {
    let credits: CreditsWorkflow
    let payers: PayerWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.receiveEvents) { batch, _ in
            for event in batch.events { try await hear(event) }
            return NoOutput()
        }
    }

    /// - Throws: `Refusal` for an event that does not say whose it is.
    func hear(_ event: EventEnvelope) async throws {
        switch InternalEventName(rawValue: event.name) {
        case .accountCreated:
            try await credits.open(account(of: event), isReturning: event.data["is_returning"]?.bool ?? false)
        case .accountDeleted: try await payers.leave(account(of: event))
        case .accountUpdated, .payeeOnboarded, .escrowFunded, .escrowLapsed, .disputeLost, nil: break
        }
    }

    private func account(of event: EventEnvelope) throws -> AccountID {
        guard let id = event.data["user_id"]?.string.flatMap({ AccountID($0) }) else {
            throw Refusal.validation("events", "has an \(event.name) without a user_id")
        }
        return id
    }
}
