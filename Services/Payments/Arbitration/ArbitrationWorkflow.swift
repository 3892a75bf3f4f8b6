import Logging
import Postgres
import ServiceKit
import SharedModels

/// Collects arbitration fees from the stored cards of losing parties.
///
/// In three steps, like all money: the attempt is stored, the card is charged under the attempt's own idempotency key,
/// and the result is stored. A fee without a card, or with a refused card, stays owed.
struct ArbitrationWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let stripe: StripeClient
    let logger: Logger
    let fees = ArbitrationFeeStore()
    let payers = PayerStore()
    let ledger = Ledger()

    /// Records the fee of a dispute as owed, once, and schedules its collection.
    func charge(_ dispute: DisputeID, to payer: AccountID, _ fee: Money) async throws {
        try await database.transaction { tx in
            let now = clock.now
            guard try await fees.insert(dispute, payer, fee, at: now, in: tx) else { return }
            try await ledger.post(.arbitration(dispute, payer, fee), at: now, in: tx)
            try await scheduler.schedule(CollectFee(dispute), at: now, in: tx)
        }
    }

    /// - Throws: ``ArbitrationError/feeNotFound(_:)``.
    func fee(of dispute: DisputeID) async throws -> ArbitrationFee {
        guard let fee = try await fees.find(dispute, in: database) else { throw ArbitrationError.feeNotFound(dispute) }
        return fee
    }

    /// Charges the card of the party that owes the fee of `dispute`, or finishes the charge under way. The next attempt
    /// is scheduled together with the result.
    ///
    /// - Throws: ``ProviderError/unavailable(reason:)`` and ``ProviderError/unexpected(reason:)`` when the outcome is
    ///   uncertain. The attempt stays, and is repeated.
    func collect(_ dispute: DisputeID) async throws {
        guard let fee = try await begin(dispute), let attempt = fee.attempt else { return }
        let outcome = try await ask(attempt, for: fee)
        try await finish(fee, outcome)
    }

    /// - Returns: `nil` when nothing is owed, or no card is stored.
    private func begin(_ dispute: DisputeID) async throws -> ArbitrationFee? {
        try await database.transaction { tx in
            guard var fee = try await fees.lock(dispute, in: tx) else { return nil }
            switch fee.state {
            case .collected: return nil
            case .charging: return fee
            case .owed:
                // Locked, so that a card stored at the same moment is either seen here, or sees that this is owed.
                guard let payer = try await payers.hold(fee.payerID, in: tx), let card = payer.cardID,
                    fee.pause(before: card) != nil
                else { return nil }
                try fee.begin(.init(customerID: payer.customerID, cardID: card, at: clock.now))
                try await fees.save(fee, at: clock.now, in: tx)
                return fee
            }
        }
    }

    private enum Outcome {
        case paid(by: String)
        case refused(reason: String)
        /// The card was not asked, and the attempt's key is spent.
        case failed(reason: String)
    }

    private func ask(_ attempt: ArbitrationFee.Attempt, for fee: ArbitrationFee) async throws -> Outcome {
        let made = try await stripe.once { () async throws(ProviderError) in
            try await stripe.payment(of: attempt.customerID, under: fee.key)
        } make: { () async throws(ProviderError) in
            try await stripe.charge(fee, attempt)
        }
        var intent: PaymentIntent
        switch made {
        case .object(let payment): intent = payment
        case .refused(let reason): return .refused(reason: reason)
        case .failed(let reason): return .failed(reason: reason)
        }
        // The provider may repeat an old answer.
        if intent.progress == .processing { intent = try await stripe.paymentIntent(intent.id) }
        switch intent.progress {
        case .captured:
            guard intent.amountReceived == fee.amount.minorUnits else {
                throw ProviderError.unexpected(reason: "\(intent.id) was paid with \(intent.amountReceived)")
            }
            return .paid(by: intent.id)
        // The card's owner is not present to do what the charge waits for.
        case .waiting: return .refused(reason: "\(intent.id) was declined")
        case .cancelled: return .refused(reason: "\(intent.id) was cancelled")
        case .processing, .capturable:
            throw ProviderError.unavailable(reason: "\(intent.id) is not decided yet")
        }
    }

    private func finish(_ begun: ArbitrationFee, _ outcome: Outcome) async throws {
        let ended: ArbitrationFee? = try await database.transaction { tx in
            let now = clock.now
            // Another process that took it up too may have been faster.
            guard var fee = try await fees.lock(begun.disputeID, in: tx), fee == begun else { return nil }
            switch outcome {
            case .paid(let intentID):
                try fee.collect(intentID)
                try await ledger.post(
                    .arbitrationPaid(fee.disputeID, fee.payerID, fee.amount),
                    because: .init(action: fee.key, requestID: nil), at: now, in: tx)
            case .failed(let reason):
                try fee.fail(reason)
                try await scheduler.schedule(CollectFee(fee.disputeID), at: now, in: tx)
            case .refused(let reason):
                try fee.refuse(reason)
                // Replaces the scheduled item under way, so that it is not deleted as done.
                let card = try await payers.hold(fee.payerID, in: tx)?.cardID
                if let pause = fee.pause(before: card) {
                    try await scheduler.schedule(CollectFee(fee.disputeID), at: now + pause, in: tx)
                }
            }
            try await fees.save(fee, at: now, in: tx)
            return fee
        }
        guard let ended else { return }
        logger.info(
            "arbitration fee",
            metadata: [
                "dispute": "\(ended.disputeID)", "state": "\(ended.state)", "refusal": "\(ended.refusal ?? "none")",
            ])
    }
}
