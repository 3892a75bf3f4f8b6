import ServiceKit
import SharedModels

/// What happens to arbitration fees and to stored cards by itself.
struct ArbitrationSchedule: Sendable {
    let workflow: ArbitrationWorkflow
    let payers: PayerWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.handle(PaymentsSchedule.collectFee) { item -> ScheduledOutcome in
            guard let dispute = DisputeID(item.key) else { throw Refusal.notFound("dispute") }
            return try await patiently(by: clock) {
                try await workflow.collect(dispute).map { .again(at: $0) } ?? .done
            }
        }
        scheduler.handle(PaymentsSchedule.forgetPayer) { item -> ScheduledOutcome in
            guard let account = AccountID(item.key) else { throw Refusal.notFound("account") }
            return try await patiently(by: clock) {
                try await payers.forget(account)
                return .done
            }
        }
    }
}
