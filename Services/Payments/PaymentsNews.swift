import ServiceKit
import SharedModels

/// Handles auth's events about accounts.
struct PaymentsNews: Sendable {
    let credits: CreditsWorkflow
    let payers: PayerWorkflow

    func register(on events: EventReceiver) {
        events.on(AccountCreated.self) { event, tx in
            try await credits.open(event.userID, isReturning: event.isReturning ?? false, in: tx)
        }
        events.on(AccountDeleted.self) { event, tx in try await payers.leave(event.userID, in: tx) }
    }
}
