import ServiceKit
import SharedModels

/// The scheduled work on stored cards.
struct PayerSchedule: Sendable {
    /// How soon to look again at a payer with a payment under way.
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

/// Delete the cards of a payer whose account was deleted.
struct ForgetPayer: WorkOnSubject {
    static let kind = "payer.forget"
    let subject: AccountID
}
