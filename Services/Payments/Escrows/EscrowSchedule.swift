import ServiceKit
import SharedModels

/// What happens to escrows by itself, when its time has come.
struct EscrowSchedule: Sendable {
    /// Until a provider that cannot be reached is tried again: what was accepted finishes within two minutes
    /// of the fault's end.
    static let retryAfter = Duration.seconds(15)

    /// How soon a hold that need not be captured yet is looked at again.
    static let lookAgainAfter = Duration.hours(1)

    let workflow: EscrowWorkflow
    let holds: any HoldDirectory
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.handle(PaymentsSchedule.resumeAction) { item in
            try await patiently {
                do {
                    try await workflow.resume(item.key)
                } catch PaymentsError.refusedByProvider {
                    // It has ended, though not well: the refusal is on the action's row.
                }
            }
        }
        scheduler.handle(PaymentsSchedule.captureHold) { item -> ScheduledOutcome in
            let milestone = try milestone(item)
            guard try await holds.isNeeded(milestone) else { return .again(at: clock.now + Self.lookAgainAfter) }
            return try await patiently { try await workflow.captureBeforeLapse(milestone) }
        }
        scheduler.handle(PaymentsSchedule.payOut) { item in
            try await patiently { try await workflow.payOut(milestone(item)) }
        }
    }

    /// Tries again at a steady pace while the provider is away, instead of ever more rarely.
    private func patiently(_ work: () async throws -> Void) async throws -> ScheduledOutcome {
        do {
            try await work()
            return .done
        } catch PaymentsError.providerUnavailable, PaymentsError.busy {
            return .again(at: clock.now + Self.retryAfter)
        }
    }

    private func milestone(_ item: ScheduledItem) throws -> MilestoneID {
        guard let id = MilestoneID(item.key) else { throw Refusal.notFound("milestone") }
        return id
    }
}
