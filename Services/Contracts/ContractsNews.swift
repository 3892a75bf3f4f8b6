import ServiceKit
import SharedModels

/// Handles payments' events about money and auth's events about accounts.
struct ContractsNews: Sendable {
    let activation: ActivationWorkflow
    let funding: FundingWorkflow
    let departures: DepartureWorkflow

    func register(on events: EventReceiver) {
        events.on(PayeeOnboarded.self) { event, tx in try await activation.onboarded(event.userID, in: tx) }
        events.on(PayoutsPaused.self) { event, tx in try await activation.paused(event.userID, in: tx) }
        events.on(EscrowFunded.self) { event, tx in try await funding.heard(of: event.milestoneID, in: tx) }
        events.on(EscrowLapsed.self) { event, tx in try await funding.heard(of: event.milestoneID, in: tx) }
        events.on(MilestoneMoneyChanged.self) { event, tx in try await funding.heard(of: event.milestoneID, in: tx) }
        events.on(AccountDeleted.self) { event, tx in try await departures.leave(event.userID, in: tx) }
    }
}
