import ServiceKit
import SharedModels

/// What happens to stored cards by itself.
struct PayerSchedule: Sendable {
    /// How soon a payer with a payment under way is looked at again.
    static let lookAgainAfter = Duration.minutes(1)

    let workflow: PayerWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(ForgetPayer.self) { work in
            try await patiently(by: clock) {
                try await workflow.forget(work.subject) ? .done : .again(at: clock.now + Self.lookAgainAfter)
            }
        }
    }
}
