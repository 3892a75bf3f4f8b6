import ServiceKit
import SharedModels

/// The scheduled work on escrows.
struct EscrowSchedule: Sendable {
    /// How soon to look again at a hold that need not be captured yet.
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
                    // The action has ended with a refusal, which is stored in its row.
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
