import ServiceKit
import SharedModels

/// Step two of an action: the call to the provider, under the action's own idempotency key.
///
/// An action may be repeated any number of times, even at once: the provider does it once. The provider may repeat an
/// old answer, so an answer is only trusted if its state is final. Otherwise the object is fetched.
struct EscrowProvider: Sendable {
    let stripe: StripeClient
    let clock: any DomainClock

    /// - Parameters:
    ///   - customer: The client at Stripe, for authorizations.
    ///   - destination: The worker's account, for transfers.
    /// - Throws: ``ProviderError`` when the outcome is uncertain, ``PayeeError`` when the money has no destination. The
    ///   action then stays, and is repeated.
    func perform(
        _ action: Action, on escrow: Escrow, from customer: String?, to destination: String?
    ) async throws -> ActionOutcome {
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
    ) async throws(ProviderError) -> ActionOutcome {
        guard let customer else { throw .unexpected(reason: "\(escrow.clientID) has no customer") }
        do {
            return .begun(
                try await stripe.createPaymentIntent(for: escrow, from: customer, idempotencyKey: action.key))
        } catch .refused(let reason) {
            return .refused(reason: reason)
        }
    }

    private func capture(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, refusal) = try await settled(intentID) { () async throws(ProviderError) in
            try await stripe.capture(intentID, escrow.amount, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .captured:
            guard intent.amountReceived == escrow.amount.minorUnits else {
                throw .unexpected(reason: "\(intentID) was captured with \(intent.amountReceived)")
            }
            return .captured
        case .cancelled: return .lapsed
        case .waiting, .processing, .capturable: return try Self.refused(refusal, intentID)
        }
    }

    private func cancel(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, refusal) = try await settled(intentID) { () async throws(ProviderError) in
            try await stripe.cancel(intentID, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .cancelled: return .cancelled
        case .waiting, .processing, .capturable, .captured: return try Self.refused(refusal, intentID)
        }
    }

    private func refund(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let amount = action.amount ?? escrow.amount
        if action.mayBeForgotten(at: clock.now), try await stripe.isRefunded(intentID, under: action.key) {
            return .refunded(amount)
        }
        let refund: StripeRefund
        do {
            refund = try await stripe.refund(intentID, amount, idempotencyKey: action.key)
        } catch .refused(let reason) {
            return .refused(reason: reason)
        }
        guard refund.amount == amount.minorUnits else {
            throw .unexpected(reason: "\(refund.id) gave back \(refund.amount)")
        }
        return refund.isUnderWay ? .refunded(amount) : .refused(reason: "\(refund.id) is \(refund.status)")
    }

    private func transfer(
        _ action: Action, _ escrow: Escrow, to destination: String?
    ) async throws -> ActionOutcome {
        guard let destination, let earning = escrow.earning else { throw PayeeError.notOnboarded(escrow.workerID) }
        if action.mayBeForgotten(at: clock.now), let made = try await stripe.transfer(of: escrow) {
            return .transferred(id: made.id)
        }
        let transfer: StripeTransfer
        do {
            transfer = try await stripe.transfer(
                earning, of: escrow, to: destination, idempotencyKey: action.key)
        } catch .refused(let reason) {
            return .refused(reason: reason)
        }
        guard transfer.amount == earning.minorUnits else {
            throw ProviderError.unexpected(reason: "\(transfer.id) moved \(transfer.amount)")
        }
        return .transferred(id: transfer.id)
    }

    /// Changes a payment, and returns its state afterwards, with the provider's refusal if there was one.
    private func settled(
        _ intentID: String, _ change: () async throws(ProviderError) -> PaymentIntent
    ) async throws(ProviderError) -> (PaymentIntent, refusal: String?) {
        do {
            let intent = try await change()
            switch intent.progress {
            // A payment never leaves these states.
            case .captured, .cancelled: return (intent, nil)
            case .waiting, .processing, .capturable: return (try await stripe.paymentIntent(intentID), nil)
            }
        } catch .refused(let reason) {
            return (try await stripe.paymentIntent(intentID), reason)
        }
    }

    private static func refused(_ reason: String?, _ intentID: String) throws(ProviderError) -> ActionOutcome {
        guard let reason else {
            throw .unexpected(reason: "\(intentID) did not change, and was not refused")
        }
        return .refused(reason: reason)
    }

    private static func intentID(of escrow: Escrow) throws(ProviderError) -> String {
        guard let id = escrow.paymentIntentID else {
            throw .unexpected(reason: "milestone \(escrow.milestoneID) has no payment")
        }
        return id
    }
}
