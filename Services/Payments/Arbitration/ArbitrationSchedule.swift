import ServiceKit
import SharedModels

/// What happens to arbitration fees by itself.
struct ArbitrationSchedule: Sendable {
    let workflow: ArbitrationWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.handle(PaymentsSchedule.collectFee) { item -> ScheduledOutcome in
            guard let dispute = DisputeID(item.key) else { throw Refusal.notFound("dispute") }
            return try await patiently(by: clock) {
                try await workflow.collect(dispute)
                return .done
            }
        }
    }
}
