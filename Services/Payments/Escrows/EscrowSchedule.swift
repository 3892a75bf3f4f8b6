import ServiceKit
import SharedModels

/// What happens to escrows by itself, when its time has come.
struct EscrowSchedule: Sendable {
    /// How soon a hold that need not be captured yet is looked at again.
    static let lookAgainAfter = Duration.hours(1)

    let workflow: EscrowWorkflow
    let peers: any PaymentsPeers
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(ResumeAction.self) { work in
            try await patiently(by: clock) {
                do {
                    try await workflow.resume(work.subject)
                } catch ProviderError.refused {
                    // It has ended, though not well: the refusal is on the action's row.
                }
                return .done
            }
        }
        scheduler.on(CaptureHold.self) { work -> ScheduledOutcome in
            guard try await peers.isNeeded(holdOf: work.subject) else {
                return .again(at: clock.now + Self.lookAgainAfter)
            }
            return try await patiently(by: clock) {
                try await workflow.captureBeforeLapse(work.subject)
                return .done
            }
        }
        scheduler.on(PayOut.self) { work in
            try await patiently(by: clock) {
                try await workflow.payOut(work.subject)
                return .done
            }
        }
    }
}
