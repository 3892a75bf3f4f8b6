import ServiceKit
import SharedModels

/// The scheduled work on payees.
struct PayeeSchedule: Sendable {
    let workflow: PayeeWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(LookAtPayee.self) { work -> ScheduledOutcome in
            try await patiently(by: clock) {
                guard try await workflow.lookAt(work.account) else { return .done }
                return .again(at: clock.now + pause(lookingSince: work.since, at: clock.now))
            }
        }
    }
}
