import ServiceKit
import SharedModels

/// Handles contracts' events about negotiations and auth's events about accounts.
struct JobsNews: Sendable {
    let engagements: EngagementWorkflow
    let hirings: HiringWorkflow
    let departures: DepartureWorkflow

    func register(on events: EventReceiver) {
        events.on(NegotiationCreated.self) { event, tx in
            try await engagements.follow(
                NegotiationNews(event.content, of: event.aggregate, event.sequence), at: event.takenAt, in: tx)
        }
        events.on(NegotiationUpdated.self) { event, tx in
            try await engagements.follow(
                NegotiationNews(event.content, of: event.aggregate, event.sequence), at: event.takenAt, in: tx)
        }
        events.on(ContractUpdated.self) { event, tx in try await engagements.follow(event.content, in: tx) }
        events.on(CheckoutContractChanged.self) { event, tx in
            try await hirings.follow(Hiring(event.content, event.sequence), at: event.takenAt, in: tx)
        }
        events.on(AccountDeleted.self) { event, tx in try await departures.leave(event.userID, in: tx) }
    }
}
