import ServiceKit
import SharedModels

/// Checkout Sessions: pages on which clients pay.
extension StripeClient {
    /// Makes the page of a payment. The same key makes it once.
    func createSession(
        for checkout: Checkout, returningTo clientURL: String, idempotencyKey: String
    ) async throws(ProviderError) -> CheckoutSession {
        let item = "line_items[0]"
        return try await post(
            "/v1/checkout/sessions",
            [
                ("mode", "payment"),
                ("payment_method_types[]", "card"),
                ("client_reference_id", "\(checkout.id)"),
                ("\(item)[quantity]", "1"),
                ("\(item)[price_data][currency]", checkout.amount.currency.rawValue),
                ("\(item)[price_data][unit_amount]", "\(checkout.amount.minorUnits)"),
                ("\(item)[price_data][product_data][name]", checkout.title),
                ("success_url", "\(clientURL)/client/contract/payment-success"),
                ("cancel_url", "\(clientURL)/client/jobs/home?cancelled=true"),
                ("metadata[jobId]", checkout.jobID.objectID),
                ("metadata[clientId]", checkout.clientID.objectID),
                ("metadata[freelancerId]", checkout.freelancerID.objectID),
                ("metadata[checkout_id]", "\(checkout.id)"),
                ("payment_intent_data[metadata][checkout_id]", "\(checkout.id)"),
                ("payment_intent_data[transfer_group]", "\(checkout.id)"),
            ], idempotencyKey)
    }

    /// A page in its present state, with its payment.
    func session(_ id: String) async throws(ProviderError) -> CheckoutSession {
        try await get("/v1/checkout/sessions/\(try Self.segment(id))?expand%5B%5D=payment_intent")
    }

    /// The page on which a payment was made, if there was one.
    func session(of payment: String) async throws(ProviderError) -> CheckoutSession? {
        try await first(of: "/v1/checkout/sessions?limit=100&payment_intent=\(try Self.segment(payment))") { _ in true }
    }

    /// Closes a page, so that nobody can pay there any more. Refused when somebody has paid, or it is closed.
    func expire(_ session: String, idempotencyKey: String) async throws(ProviderError) {
        let _: CheckoutSession = try await post(
            "/v1/checkout/sessions/\(try Self.segment(session))/expire", [], idempotencyKey)
    }
}

/// A page on which a client pays.
struct CheckoutSession: StripeObject, Equatable {
    /// What became of it. An event's name never says; the session's `payment_status` does.
    enum Progress: Sendable, Equatable {
        case open
        /// Everything is done, and the bank has not answered yet.
        case processing
        case paid
        /// Nothing will be paid any more.
        case over
    }

    let id: String
    let progress: Progress
    /// Where it is paid; `nil` when it is not open.
    let url: String?
    /// In minor units of `currency`.
    let amount: Int64
    /// As Stripe writes it, in small letters.
    let currency: String
    let paymentIntentID: String?
    /// From our metadata. It decides nothing: others can write the same.
    let checkoutID: CheckoutID?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let status = json["status"]?.string,
            let paymentStatus = json["payment_status"]?.string, let amount = json["amount_total"]?.integer,
            let currency = json["currency"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        self.currency = currency
        url = json["url"]?.string
        let intent = json["payment_intent"]
        paymentIntentID = intent?.string ?? intent?["id"]?.string
        progress =
            switch (paymentStatus, status) {
            case ("paid", _): .paid
            case (_, "open"): .open
            case (_, "expired"): .over
            // Done and not paid: the payment itself tells whether its bank may still pay.
            default: ["requires_payment_method", "canceled"].contains(intent?["status"]?.string) ? .over : .processing
            }
        checkoutID = json["metadata"]?["checkout_id"]?.string.flatMap { CheckoutID($0) }
    }
}
