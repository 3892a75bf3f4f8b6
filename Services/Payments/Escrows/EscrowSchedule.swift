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
        scheduler.handle(PaymentsSchedule.resumeAction) { item in
            try await patiently(by: clock) {
                do {
                    try await workflow.resume(item.key)
                } catch PaymentsError.refusedByProvider {
                    // It has ended, though not well: the refusal is on the action's row.
                }
                return .done
            }
        }
        scheduler.handle(PaymentsSchedule.captureHold) { item -> ScheduledOutcome in
            let milestone = try milestone(item)
            guard try await peers.isNeeded(holdOf: milestone) else {
                return .again(at: clock.now + Self.lookAgainAfter)
            }
            return try await patiently(by: clock) {
                try await workflow.captureBeforeLapse(milestone)
                return .done
            }
        }
        scheduler.handle(PaymentsSchedule.payOut) { item in
            try await patiently(by: clock) {
                try await workflow.payOut(milestone(item))
                return .done
            }
        }
    }

    private func milestone(_ item: ScheduledItem) throws -> MilestoneID {
        guard let id = MilestoneID(item.key) else { throw Refusal.notFound("milestone") }
        return id
    }
}
