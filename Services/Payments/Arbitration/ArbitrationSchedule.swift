import ServiceKit
import SharedModels

/// The scheduled work on arbitration fees.
struct ArbitrationSchedule: Sendable {
    let workflow: ArbitrationWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(CollectFee.self) { work in
            try await patiently(by: clock) {
                try await workflow.collect(work.subject)
                return .done
            }
        }
    }
}

/// Charge an arbitration fee to a card.
struct CollectFee: WorkOnSubject {
    static let kind = "arbitration.collect"
    let subject: DisputeID
}
