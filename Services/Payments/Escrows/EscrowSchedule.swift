import ServiceKit
import SharedModels

/// The scheduled work on escrows.
struct EscrowSchedule: Sendable {
    /// How soon to look again at a hold that need not be captured yet.
    static let lookAgainAfter = Duration.hours(1)

    /// How soon to ask again for a payout that waits for money, and for one that waits for anything else. Whatever ends
    /// the wait schedules it sooner, if we hear of it.
    static let moneyPause = Duration.hours(1)
    static let payoutPause = Duration.days(1)

    let workflow: EscrowWorkflow
    let checkouts: CheckoutWorkflow
    let payees: PayeeWorkflow
    let reversals: ReversalWorkflow
    let sweep: MoneySweep
    let peers: any PaymentsPeers
    let clock: any DomainClock

    private func payOut(_ id: MilestoneID) async throws -> ScheduledOutcome {
        do {
            try await workflow.payOut(id)
            return .done
        } catch ProviderError.refused(let reason) where StripeClient.isShortOfMoney(reason) {
            return .again(at: clock.now + Self.moneyPause)
        } catch ProviderError.refused(let reason) {
            try await workflow.reportPayout(of: id, reason)
            try await payees.lookAtPayee(of: id)
            return .again(at: clock.now + Self.payoutPause)
        } catch is PayeeError {
            try await workflow.reportPayee(of: id)
            return .again(at: clock.now + Self.payoutPause)
        } catch EscrowError.frozen {
            return .again(at: clock.now + Self.payoutPause)
        }
    }

    func register(on scheduler: Scheduler) {
        scheduler.on(ResumeAction.self) { work in
            try await patiently(by: clock) {
                do {
                    // Each leaves the other's alone.
                    try await workflow.resume(work.subject)
                    try await checkouts.resume(work.subject)
                } catch {
                    // An action that ended with a refusal has it stored in its row.
                    guard try await workflow.hasEnded(work.subject) else { throw error }
                }
                let hasEnded = try await workflow.hasEnded(work.subject)
                return hasEnded ? .done : .again(at: clock.now + EscrowBook.resumeAfter)
            }
        }
        scheduler.on(LookAtPayment.self) { work -> ScheduledOutcome in
            try await patiently(by: clock) {
                guard try await workflow.lookAt(work.milestone) else { return .done }
                return .again(at: clock.now + pause(lookingSince: work.since, at: clock.now))
            }
        }
        scheduler.every(MoneySweep.pause, "money.sweep") { try await sweep.run() }
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
            try await patiently(by: clock) { try await payOut(work.subject) }
        }
        scheduler.on(ReverseTransfer.self) { work in
            try await patiently(by: clock) {
                try await reversals.reverse(for: work.subject)
                return .done
            }
        }
    }
}
