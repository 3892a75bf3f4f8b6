import ServiceKit
import SharedModels

/// What happens to stored cards by itself.
struct PayerSchedule: Sendable {
    /// How soon a payer with a payment under way is looked at again.
    static let lookAgainAfter = Duration.minutes(1)

    let workflow: PayerWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.handle(PaymentsSchedule.forgetPayer) { item -> ScheduledOutcome in
            guard let account = AccountID(item.key) else { throw Refusal.notFound("account") }
            return try await patiently(by: clock) {
                try await workflow.forget(account) ? .done : .again(at: clock.now + Self.lookAgainAfter)
            }
        }
    }
}
