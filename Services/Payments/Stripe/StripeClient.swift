import OutboundHTTP
import ServiceKit
import SharedModels

/// Our calls to Stripe. Every write carries an idempotency key, so that it can be repeated.
struct StripeClient: Sendable {
    /// The version of Stripe's API that ``StripeObject``s are written for.
    static let version = "2024-06-20"
    /// The longest a call takes, including repeats: less than our own callers wait for us (8 s). Only a client's first
    /// payment takes two calls.
    static let deadline = Duration.seconds(6)

    let http: OutboundHTTP
    /// Without a trailing slash.
    let base: String
    let key: Secret
    let standing: StripeStanding

    func createCustomer(for payer: AccountID, idempotencyKey: String) async throws(ProviderError) -> StripeCustomer {
        try await post("/v1/customers", [("metadata[account_id]", "\(payer)")], idempotencyKey)
    }

    /// Deletes a customer, and its cards with it. A customer that does not exist any more counts as deleted.
    func deleteCustomer(_ id: String, idempotencyKey: String) async throws(ProviderError) {
        do {
            let _: StripeCustomer = try await delete("/v1/customers/\(try Self.segment(id))", idempotencyKey)
        } catch .refused(let reason) where Self.isMissing(reason) {
            return
        }
    }

    /// Creates a payment that is held when the client confirms it, and captured when we say so. The confirming card
    /// stays with the customer, for charges while the client is absent.
    func createPaymentIntent(
        for escrow: Escrow, from customer: String, idempotencyKey: String
    ) async throws(ProviderError) -> PaymentIntent {
        try await post(
            "/v1/payment_intents",
            [
                ("amount", "\(escrow.amount.minorUnits)"),
                ("currency", escrow.amount.currency.rawValue),
                ("capture_method", "manual"),
                ("payment_method_types[]", "card"),
                ("customer", customer),
                ("setup_future_usage", "off_session"),
                ("transfer_group", "\(escrow.contractID)"),
                ("metadata[milestone_id]", "\(escrow.milestoneID)"),
                ("metadata[contract_id]", "\(escrow.contractID)"),
                ("metadata[action]", idempotencyKey),
            ], idempotencyKey)
    }

    /// Charges a fee to a stored card at once, in its owner's absence.
    func charge(
        _ fee: ArbitrationFee, _ attempt: ArbitrationFee.Attempt
    ) async throws(ProviderError) -> PaymentIntent {
        try await post(
            "/v1/payment_intents",
            [
                ("amount", "\(fee.amount.minorUnits)"),
                ("currency", fee.amount.currency.rawValue),
                ("payment_method_types[]", "card"),
                ("customer", attempt.customerID),
                ("payment_method", attempt.cardID),
                ("off_session", "true"),
                ("confirm", "true"),
                ("description", "Arbitration fee"),
                ("metadata[dispute_id]", "\(fee.disputeID)"),
                ("metadata[action]", fee.key),
            ], fee.key)
    }

    /// The customer's payment that was made under `idempotencyKey`, if there is one.
    func payment(of customer: String, under idempotencyKey: String) async throws(ProviderError) -> PaymentIntent? {
        try await first(of: "/v1/payment_intents?limit=100&customer=\(try Self.segment(customer))") {
            $0.action == idempotencyKey
        }
    }

    /// A payment in its present state, with what is known about its hold.
    func paymentIntent(_ id: String) async throws(ProviderError) -> PaymentIntent {
        try await get("/v1/payment_intents/\(try Self.segment(id))?expand%5B%5D=latest_charge")
    }

    func capture(_ id: String, _ amount: Money, idempotencyKey: String) async throws(ProviderError)
        -> PaymentIntent
    {
        try await post(
            "/v1/payment_intents/\(try Self.segment(id))/capture",
            [("amount_to_capture", "\(amount.minorUnits)")],
            idempotencyKey)
    }

    func cancel(_ id: String, idempotencyKey: String) async throws(ProviderError) -> PaymentIntent {
        try await post("/v1/payment_intents/\(try Self.segment(id))/cancel", [], idempotencyKey)
    }

    /// Sends a released escrow's earning to the worker's account.
    ///
    /// - Parameter charge: The client's payment, so that the money is never another client's.
    func transfer(
        _ earning: Money, of escrow: Escrow, from charge: String?, to account: String, idempotencyKey: String
    ) async throws(ProviderError) -> StripeTransfer {
        let source = charge.map { [("source_transaction", $0)] } ?? []
        return try await post(
            "/v1/transfers",
            source + [
                ("amount", "\(earning.minorUnits)"),
                ("currency", earning.currency.rawValue),
                ("destination", account),
                ("transfer_group", "\(escrow.contractID)"),
                ("metadata[milestone_id]", "\(escrow.milestoneID)"),
                ("metadata[contract_id]", "\(escrow.contractID)"),
                ("metadata[action]", idempotencyKey),
            ], idempotencyKey)
    }

    /// The transfer that was made for a milestone and not taken back, if there is one.
    func transfer(of escrow: Escrow) async throws(ProviderError) -> StripeTransfer? {
        try await first(of: "/v1/transfers?limit=100&transfer_group=\(try Self.segment("\(escrow.contractID)"))") {
            $0.milestoneID == escrow.milestoneID && !$0.isReversed
        }
    }

    /// Returns captured money to the card. The refund stores what it is made for, by which ``refund(of:under:)`` finds it.
    ///
    /// - Parameter action: What it is made for; `nil` for the key itself.
    func refund(
        _ id: String, _ amount: Money, for action: String? = nil, idempotencyKey: String
    ) async throws(ProviderError) -> StripeRefund {
        try await post(
            "/v1/refunds",
            [
                ("payment_intent", id),
                ("amount", "\(amount.minorUnits)"),
                ("metadata[action]", action ?? idempotencyKey),
            ], idempotencyKey)
    }

    /// The refund of a payment that was made for `action`, if there is one. That matters, because two parts may have the
    /// same size.
    func refund(of id: String, under action: String) async throws(ProviderError) -> StripeRefund? {
        try await first(of: "/v1/refunds?limit=100&payment_intent=\(try Self.segment(id))") {
            $0.action == action
        }
    }

    /// Returns captured money to the card, once. A refund that was made under this key before and has failed gives nothing
    /// back, and neither does its key.
    func refundOnce(_ payment: String, _ amount: Money, under key: String) async throws(ProviderError)
        -> Made<StripeRefund>
    {
        var isOld = false
        let made = try await once { () async throws(ProviderError) in
            let known = try await refund(of: payment, under: key)
            isOld = known != nil
            return known
        } make: { () async throws(ProviderError) in
            try await refund(payment, amount, idempotencyKey: key)
        }
        guard case .object(let refund) = made, !refund.isUnderWay else { return made }
        let reason = "\(refund.id) is \(refund.status)"
        return isOld ? .failed(reason: reason) : .refused(reason: reason)
    }

    func createAccount(for payee: AccountID, idempotencyKey: String) async throws(ProviderError)
        -> StripeAccount
    {
        try await post(
            "/v1/accounts",
            [
                ("type", "express"),
                ("capabilities[transfers][requested]", "true"),
                ("metadata[account_id]", "\(payee)"),
            ], idempotencyKey)
    }

    func account(_ id: String) async throws(ProviderError) -> StripeAccount {
        try await get("/v1/accounts/\(try Self.segment(id))")
    }

    /// - Parameters:
    ///   - returnURL: The page that the payee comes back to.
    ///   - refreshURL: The page for a payee whose link is used up.
    func createAccountLink(
        _ account: String, returnURL: String, refreshURL: String, idempotencyKey: String
    ) async throws(ProviderError) -> StripeAccountLink {
        try await post(
            "/v1/account_links",
            [
                ("account", account), ("return_url", returnURL), ("refresh_url", refreshURL),
                ("type", "account_onboarding"),
            ], idempotencyKey)
    }
}
