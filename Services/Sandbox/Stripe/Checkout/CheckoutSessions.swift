import SharedModels

/// Checkout Sessions: a page on which somebody pays for what is listed.
struct CheckoutSessions: Sendable {
    /// How long a session stays open by default, and the limits of other values.
    private static let lifetime = Duration.days(1)
    private static let lifetimes = Duration.minutes(30)...Duration.days(1)

    let store: StripeObjectStore
    let events: StripeEvents
    let intents: PaymentIntents
    /// How browsers reach the sandbox, without a trailing slash.
    let base: String

    /// An item to pay for. All lines have the same currency.
    struct Line: Sendable {
        let name: String
        let description: String?
        /// In minor units.
        let unitAmount: Int64
        let quantity: Int64
        let currency: String

        func json(at now: Timestamp) -> JSONValue {
            let total = JSONValue.integer(unitAmount * quantity)
            return [
                "id": .string("li_" + RandomText.alphanumeric(24)), "object": "item", "amount_discount": 0,
                "amount_subtotal": total, "amount_tax": 0, "amount_total": total,
                "currency": .string(currency),
                "description": .string(name), "quantity": .integer(quantity),
                "price": [
                    "id": .string("price_" + RandomText.alphanumeric(24)), "object": "price", "active": false,
                    "billing_scheme": "per_unit", "created": JSONValue(unix: now), "currency": .string(currency),
                    "custom_unit_amount": nil, "livemode": false, "lookup_key": nil, "metadata": .object([]),
                    "nickname": nil, "product": .string("prod_" + RandomText.alphanumeric(14)), "recurring": nil,
                    "tax_behavior": "unspecified", "tiers_mode": nil, "transform_quantity": nil, "type": "one_time",
                    "unit_amount": .integer(unitAmount), "unit_amount_decimal": .string("\(unitAmount)"),
                ],
            ]
        }
    }

    /// - Parameters:
    ///   - expiry: When it expires; `nil` is a day from now.
    ///   - payment: The members of the resulting payment: `metadata`, `capture_method`, `transfer_group`,
    ///     `description`.
    func create(
        _ lines: [Line], details: [JSONMember], expiry: Timestamp?, payment: JSONValue, _ work: StripeWork
    ) async throws -> StripeObject {
        guard let currency = lines.first?.currency else { throw StripeError.missing("line_items") }
        guard lines.allSatisfy({ $0.currency == currency }) else {
            throw StripeError.invalid(nil, "All line items must have the same currency.", "line_items")
        }
        let total = lines.reduce(0) { $0 + $1.unitAmount * $1.quantity }
        try Currencies.check(payment: total, currency, "line_items")
        let expiry = expiry ?? work.now + Self.lifetime
        guard Self.lifetimes.contains(expiry - work.now) else {
            throw StripeError.invalid(
                nil, "The `expires_at` timestamp must be from 30 minutes to 24 hours from now.", "expires_at")
        }
        let id = StripeKind.checkoutSession.makeID()
        var session = StripeObject(
            .checkoutSession, id: id,
            [
                JSONMember("after_expiration", nil),
                JSONMember("amount_subtotal", .integer(total)),
                JSONMember("amount_total", .integer(total)),
                JSONMember("automatic_tax", ["enabled": false, "liability": nil, "status": nil]),
                JSONMember("cancel_url", nil),
                JSONMember("client_reference_id", nil),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("custom_fields", []),
                JSONMember(
                    "custom_text",
                    [
                        "after_submit": nil, "shipping_address": nil, "submit": nil,
                        "terms_of_service_acceptance": nil,
                    ]),
                JSONMember("customer", nil),
                JSONMember("customer_details", nil),
                JSONMember("customer_email", nil),
                JSONMember("expires_at", JSONValue(unix: expiry)),
                JSONMember("metadata", .object([])),
                JSONMember("mode", "payment"),
                JSONMember("payment_intent", nil),
                JSONMember("payment_method_types", ["card"]),
                JSONMember("payment_status", "unpaid"),
                JSONMember("shipping_options", []),
                JSONMember("status", "open"),
                JSONMember("success_url", nil),
                JSONMember("total_details", ["amount_discount": 0, "amount_shipping": 0, "amount_tax": 0]),
                JSONMember("ui_mode", "hosted"),
                JSONMember("url", .string("\(base)/stripe/checkout/\(id)")),
            ])
        for member in details { session[member.name] = member.value }
        session.hidden = ["line_items": .array(lines.map { $0.json(at: work.now) }), "payment": payment]
        session.dueAt = expiry
        try await store.insert(session, work)
        return session
    }

    /// Somebody pays.
    ///
    /// - Returns: The session, and the refusal when the bank declined. The session then stays open.
    func pay(
        _ session: StripeObject, _ card: TestCard, bank: BankManner, _ work: StripeWork
    ) async throws -> (session: StripeObject, refusal: StripeError?) {
        try Self.checkOpen(session)
        let payment = session.hidden["payment"] ?? .object([])
        let card = PresentedCard(card: card)
        let intent = try await intents.create(
            amount: session.amount("amount_total"), currency: session.text("currency"),
            captureMethod: payment["capture_method"]?.string.flatMap(CaptureMethod.init) ?? .automatic,
            card: card,
            details: (payment.object ?? []).filter { $0.name != "capture_method" }, work)
        var (confirmed, refusal) = try await intents.confirm(intent, card, bank: bank, work)
        if refusal == nil, confirmed.text("status") == IntentStatus.requiresAction.rawValue {
            // The page asks the customer, who is there.
            (confirmed, refusal) = try await intents.answer(confirmed, isYes: true, work)
        }
        if let refusal { return (session, refusal) }
        var session = session
        // Neither a hold nor a payment whose bank takes days is paid yet.
        let isPaid = confirmed.text("status") == IntentStatus.succeeded.rawValue
        session["payment_intent"] = .string(confirmed.id)
        session["payment_status"] = isPaid ? "paid" : "unpaid"
        session["status"] = "complete"
        session["url"] = nil
        session["customer_details"] = [
            "email": session["customer_email"], "name": nil, "phone": nil, "address": nil,
        ]
        session.dueAt = nil
        try await store.save(session, work)
        try await events.emit("checkout.session.completed", session, work)
        return (session, nil)
    }

    /// The bank has answered about a payment whose method takes days, if it was made on a page.
    func settle(_ intent: StripeObject, _ work: StripeWork) async throws {
        let page = try await store.page(
            .checkoutSession, filters: [("payment_intent", intent.id)], after: nil, before: nil, limit: 1, in: work.tx)
        guard let id = page.first?["id"]?.string,
            var session = try await store.lock(id, .checkoutSession, in: work.tx),
            session.text("payment_status") == "unpaid"
        else { return }
        guard intent.text("status") == IntentStatus.succeeded.rawValue else {
            return try await events.emit("checkout.session.async_payment_failed", session, work)
        }
        session["payment_status"] = "paid"
        try await store.save(session, work)
        try await events.emit("checkout.session.async_payment_succeeded", session, work)
    }

    func expire(_ session: StripeObject, _ work: StripeWork) async throws -> StripeObject {
        try Self.checkOpen(session)
        var session = session
        session["status"] = "expired"
        session["url"] = nil
        session.dueAt = nil
        try await store.save(session, work)
        try await events.emit("checkout.session.expired", session, work)
        return session
    }

    private static func checkOpen(_ session: StripeObject) throws(StripeError) {
        guard session.text("status") == "open" else {
            throw .invalid(
                nil,
                "Only Checkout Sessions with a status in [\"open\"] can be paid or expired. "
                    + "This one has a status of \(session.text("status")).")
        }
    }
}
