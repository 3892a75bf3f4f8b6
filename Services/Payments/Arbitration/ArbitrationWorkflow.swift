import Logging
import Postgres
import ServiceKit
import SharedModels

/// Collects arbitration fees from the stored cards of those who lost.
///
/// In three steps, like all money: the attempt is written down, the card is asked under the attempt's own idempotency
/// key, and what came of it is written down. A fee without a card, or whose card says no, stays owed.
struct ArbitrationWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let stripe: StripeClient
    let logger: Logger
    let fees = ArbitrationFeeStore()
    let payers = PayerStore()
    let ledger = Ledger()

    /// Books the fee of a dispute as owed, once, and has it collected.
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

    /// Asks the card of whoever owes the fee of `dispute`, or finishes what was begun. When to ask again is scheduled with
    /// what came of it.
    ///
    /// - Throws: ``ProviderError/unavailable(reason:)`` and ``ProviderError/unexpected(reason:)`` when the
    ///   outcome is not certain; the attempt stays, and is asked for again.
    func collect(_ dispute: DisputeID) async throws {
        guard let fee = try await begin(dispute), let attempt = fee.attempt else { return }
        let outcome = try await ask(attempt, for: fee)
        try await finish(fee, outcome)
    }

    /// - Returns: `nil` when there is nothing to collect, or no card to collect it from.
    private func begin(_ dispute: DisputeID) async throws -> ArbitrationFee? {
        try await database.transaction { tx in
            guard var fee = try await fees.lock(dispute, in: tx) else { return nil }
            switch fee.state {
            case .collected: return nil
            case .charging: return fee
            case .owed:
                // Held, so that a card that comes just now is either seen here, or sees that this is owed.
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
    }

    private func ask(_ attempt: ArbitrationFee.Attempt, for fee: ArbitrationFee) async throws -> Outcome {
        var intent: PaymentIntent
        if let made = try await paymentMade(for: fee, attempt) {
            intent = made
        } else {
            do {
                intent = try await stripe.charge(fee, attempt)
            } catch .refused(let reason) {
                return .refused(reason: reason)
            }
        }
        // The provider repeats an answer of old.
        if intent.progress == .processing { intent = try await stripe.paymentIntent(intent.id) }
        switch intent.progress {
        case .captured:
            guard intent.amountReceived == fee.amount.minorUnits else {
                throw ProviderError.unexpected(reason: "\(intent.id) was paid with \(intent.amountReceived)")
            }
            return .paid(by: intent.id)
        // Its owner is not there to do what it waits for.
        case .waiting: return .refused(reason: "\(intent.id) was declined")
        case .cancelled: return .refused(reason: "\(intent.id) was cancelled")
        case .processing, .capturable:
            throw ProviderError.unavailable(reason: "\(intent.id) is not decided yet")
        }
    }

    /// The attempt's payment, looked for once its key may be forgotten. A refusal to look says nothing of the charge.
    private func paymentMade(
        for fee: ArbitrationFee, _ attempt: ArbitrationFee.Attempt
    ) async throws(ProviderError) -> PaymentIntent? {
        guard clock.now > attempt.at + StripeClient.keyLifetime else { return nil }
        return try await stripe.payment(of: attempt.customerID, under: fee.key)
    }

    private func finish(_ begun: ArbitrationFee, _ outcome: Outcome) async throws {
        let ended: ArbitrationFee? = try await database.transaction { tx in
            let now = clock.now
            // Somebody who took it up as well may have been faster.
            guard var fee = try await fees.lock(begun.disputeID, in: tx), fee == begun else { return nil }
            switch outcome {
            case .paid(let intentID):
                try fee.collect(intentID)
                try await ledger.post(.arbitrationPaid(fee.disputeID, fee.payerID, fee.amount), at: now, in: tx)
            case .refused(let reason):
                try fee.refuse(reason)
                // Replaces what is being done, so that nobody crosses it off.
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
