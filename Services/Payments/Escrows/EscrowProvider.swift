import ServiceKit
import SharedModels

/// Step two of an action: the call to the provider, under the action's own idempotency key.
///
/// An action may be repeated any number of times, even at once: the provider does it once. What would make money leave or
/// come twice is looked for before it is asked for, so that this also holds when the provider has forgotten the key, or
/// we have forgotten the action. The provider may repeat an old answer, so an answer is only trusted if its state is
/// final. Otherwise the object is fetched.
struct EscrowProvider: Sendable {
    let stripe: StripeClient

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
        case .session, .settle, .giveBack, .award, .divide:
            throw ProviderError.unexpected(reason: "\(action.key) is not about a milestone")
        }
    }

    private func begin(
        _ action: Action, _ escrow: Escrow, from customer: String?
    ) async throws(ProviderError) -> ActionOutcome {
        guard let customer else { throw .unexpected(reason: "\(escrow.clientID) has no customer") }
        let made = try await stripe.once { () async throws(ProviderError) in
            try await stripe.payment(of: customer, under: action.key)
        } make: { () async throws(ProviderError) in
            try await stripe.createPaymentIntent(for: escrow, from: customer, idempotencyKey: action.key)
        }
        switch made {
        // Made for something that has changed since.
        case .object(let intent) where intent.amount != escrow.amount.minorUnits || intent.progress == .cancelled:
            return .failed(reason: "\(intent.id) of \(intent.amount) is \(intent.progress)")
        case .object(let intent): return .begun(intent)
        case .refused(let reason): return .refused(reason: reason)
        case .failed(let reason): return .failed(reason: reason)
        }
    }

    private func capture(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, end) = try await settled(intentID, action) { () async throws(ProviderError) in
            try await stripe.capture(intentID, escrow.amount, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .captured:
            return .captured(Money(minorUnits: intent.amountReceived, currency: escrow.amount.currency))
        case .cancelled: return .lapsed
        case .waiting, .processing, .capturable: return try Self.undone(end, intentID)
        }
    }

    private func cancel(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let (intent, end) = try await settled(intentID, action) { () async throws(ProviderError) in
            try await stripe.cancel(intentID, idempotencyKey: action.key)
        }
        switch intent.progress {
        case .cancelled: return .cancelled
        case .waiting, .processing, .capturable, .captured: return try Self.undone(end, intentID)
        }
    }

    private func refund(_ action: Action, _ escrow: Escrow) async throws(ProviderError) -> ActionOutcome {
        let intentID = try Self.intentID(of: escrow)
        let amount = action.amount ?? escrow.rest
        if escrow.release != nil, let transfer = try await stripe.transfer(of: escrow) {
            return .refused(reason: "\(transfer.id) has paid the worker")
        }
        switch try await stripe.refundOnce(intentID, amount, under: action.key) {
        case .object(let refund):
            // One that we have forgotten may be of another amount. What it gave back is a fact.
            guard refund.amount <= escrow.rest.minorUnits else {
                throw .unexpected(reason: "\(refund.id) gave back \(refund.amount)")
            }
            return .refunded(refund)
        case .refused(let reason): return .refused(reason: reason)
        case .failed(let reason): return .failed(reason: reason)
        }
    }

    private func transfer(
        _ action: Action, _ escrow: Escrow, to destination: String?
    ) async throws -> ActionOutcome {
        guard let earning = escrow.earning else { throw PayeeError.notOnboarded(escrow.workerID) }
        let intentID = try Self.intentID(of: escrow)
        let made = try await stripe.once { () async throws(ProviderError) in
            try await stripe.transfer(of: escrow)
        } make: { () async throws(ProviderError) in
            // The account was lost after the payout had begun. The next onboarding begins another one.
            guard let destination else { throw .refused(reason: "\(escrow.workerID) cannot receive money any more") }
            let charge = try await stripe.paymentIntent(intentID).charge
            return try await stripe.transfer(
                earning, of: escrow, from: charge?.id, to: destination, idempotencyKey: action.idempotencyKey)
        }
        switch made {
        case .object(let transfer):
            guard transfer.amount == earning.minorUnits else {
                throw ProviderError.unexpected(reason: "\(transfer.id) moved \(transfer.amount)")
            }
            return .transferred(id: transfer.id)
        case .refused(let reason) where StripeClient.isShortOfMoney(reason): return .waits(reason: reason)
        case .refused(let reason): return .refused(reason: reason)
        case .failed(let reason): return .failed(reason: reason)
        }
    }

    /// Why a change was not made.
    private enum End {
        /// No answer says so.
        case none
        case refused(reason: String)
        /// The key is spent.
        case spent(reason: String)
    }

    /// Changes a payment, and returns its state afterwards, with what kept it from changing. Before another attempt it is
    /// looked at first: the attempt before may have changed it after all.
    private func settled(
        _ intentID: String, _ action: Action, _ change: () async throws(ProviderError) -> PaymentIntent
    ) async throws(ProviderError) -> (PaymentIntent, End) {
        if action.number > 1 {
            let known = try await stripe.paymentIntent(intentID)
            if known.progress.isFinal { return (known, .none) }
        }
        let end: End
        do {
            let intent = try await change()
            if intent.progress.isFinal { return (intent, .none) }
            end = .none
        } catch .refused(let reason) {
            end = .refused(reason: reason)
        } catch .spent(let reason) {
            end = .spent(reason: reason)
        }
        return (try await stripe.paymentIntent(intentID), end)
    }

    private static func undone(_ end: End, _ intentID: String) throws(ProviderError) -> ActionOutcome {
        switch end {
        case .none: throw .unexpected(reason: "\(intentID) did not change, and was not refused")
        case .refused(let reason): .refused(reason: reason)
        case .spent(let reason): .failed(reason: reason)
        }
    }

    private static func intentID(of escrow: Escrow) throws(ProviderError) -> String {
        guard let id = escrow.paymentIntentID else {
            throw .unexpected(reason: "milestone \(escrow.milestoneID) has no payment")
        }
        return id
    }
}

extension PaymentIntent.Progress {
    /// Whether a payment never leaves this state.
    fileprivate var isFinal: Bool { self == .captured || self == .cancelled }
}
