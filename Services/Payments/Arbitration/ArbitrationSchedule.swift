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
