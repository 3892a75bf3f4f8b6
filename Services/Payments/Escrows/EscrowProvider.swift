import ServiceKit
import SharedModels

/// Step two of an action: the call at the provider, under the action's own idempotency key.
///
/// An action may be asked for any number of times, also at once: the provider does it once. An answer of old
/// that the provider repeats is never taken for the present state: only states that are final are believed,
/// else the object is fetched.
struct EscrowProvider: Sendable {
    let stripe: StripeClient
    let clock: any DomainClock

    /// - Parameters:
    ///   - customer: The client at Stripe; for authorizations.
    ///   - destination: The worker's account; for transfers.
    /// - Throws: ``PaymentsError`` when the outcome is not certain: the action stays, and is asked for again.
    func perform(
        _ action: Action, on escrow: Escrow, from customer: String?, to destination: String?
    ) async throws(PaymentsError) -> ActionOutcome {
        switch action.kind {
        case .authorize: try await begin(action, escrow, from: customer)
        case .capture, .release: try await capture(action, escrow)
        case .cancel: try await cancel(action, escrow)
        case .refund: try await refund(action, escrow)
        case .transfer: try await transfer(action, escrow, to: destination)
        }
    }

    private func begin(
        _ action: Action, _ escrow: Escrow, from customer: String?
    ) async throws(PaymentsError) -> ActionOutcome {
        guard let customer else { throw .providerAnswer(reason: "\(escrow.clientID) has no customer") }
        do {
            return .begun(
                try await stripe.createPaymentIntent(for: escrow, from: customer, idempotencyKey: action.key))
        } catch .refusedByProvider(let reason) {
            return .refused(reason: reason)
        }
    }

    private func capture(_ action: Action, _ escrow: Escrow) async throws(PaymentsError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, refusal) = try await settled(intentID) { () async throws(PaymentsError) in
            try await stripe.capture(intentID, escrow.amount, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .captured:
            guard intent.amountReceived == escrow.amount.minorUnits else {
                throw .providerAnswer(reason: "\(intentID) was captured with \(intent.amountReceived)")
            }
            return .captured
        case .cancelled: return .lapsed
        case .waiting, .processing, .capturable: return try Self.refused(refusal, intentID)
        }
    }

    private func cancel(_ action: Action, _ escrow: Escrow) async throws(PaymentsError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, refusal) = try await settled(intentID) { () async throws(PaymentsError) in
            try await stripe.cancel(intentID, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .cancelled: return .cancelled
        case .waiting, .processing, .capturable, .captured: return try Self.refused(refusal, intentID)
        }
    }

    private func refund(_ action: Action, _ escrow: Escrow) async throws(PaymentsError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let amount = Money(
            minorUnits: action.amount ?? escrow.amount.minorUnits, currency: escrow.amount.currency)
        if action.mayBeForgotten(at: clock.now), try await stripe.isRefunded(intentID, under: action.key) {
            return .refunded(amount)
        }
        let refund: StripeRefund
        do {
            refund = try await stripe.refund(intentID, amount, idempotencyKey: action.key)
        } catch .refusedByProvider(let reason) {
            return .refused(reason: reason)
        }
        guard refund.amount == amount.minorUnits else {
            throw .providerAnswer(reason: "\(refund.id) gave back \(refund.amount)")
        }
        return refund.isUnderWay ? .refunded(amount) : .refused(reason: "\(refund.id) is \(refund.status)")
    }

    private func transfer(
        _ action: Action, _ escrow: Escrow, to destination: String?
    ) async throws(PaymentsError) -> ActionOutcome {
        guard let destination, let earning = escrow.earning else { throw .payeeNotOnboarded(escrow.workerID) }
        if action.mayBeForgotten(at: clock.now), let made = try await stripe.transfer(of: escrow) {
            return .transferred(id: made.id)
        }
        let transfer: StripeTransfer
        do {
            transfer = try await stripe.transfer(
                earning, of: escrow, to: destination, idempotencyKey: action.key)
        } catch .refusedByProvider(let reason) {
            return .refused(reason: reason)
        }
        guard transfer.amount == earning.minorUnits else {
            throw .providerAnswer(reason: "\(transfer.id) moved \(transfer.amount)")
        }
        return .transferred(id: transfer.id)
    }

    /// Changes a payment, and says how it stands afterwards, with the provider's refusal when there was one.
    private func settled(
        _ intentID: String, _ change: () async throws(PaymentsError) -> PaymentIntent
    ) async throws(PaymentsError) -> (PaymentIntent, refusal: String?) {
        do {
            let intent = try await change()
            switch intent.progress {
            // From these a payment never moves again.
            case .captured, .cancelled: return (intent, nil)
            case .waiting, .processing, .capturable: return (try await stripe.paymentIntent(intentID), nil)
            }
        } catch .refusedByProvider(let reason) {
            return (try await stripe.paymentIntent(intentID), reason)
        }
    }

    private static func refused(_ reason: String?, _ intentID: String) throws(PaymentsError) -> ActionOutcome {
        guard let reason else {
            throw .providerAnswer(reason: "\(intentID) did not change, and was not refused")
        }
        return .refused(reason: reason)
    }

    private static func intentID(of escrow: Escrow) throws(PaymentsError) -> String {
        guard let id = escrow.paymentIntentID else {
            throw .providerAnswer(reason: "milestone \(escrow.milestoneID) has no payment")
        }
        return id
    }
}
