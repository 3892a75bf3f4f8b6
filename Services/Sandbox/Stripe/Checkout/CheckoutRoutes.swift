import SharedModels

/// `/v1/checkout/sessions`.
struct CheckoutRoutes: Sendable {
    private static let texts = ["client_reference_id", "customer_email", "customer"]
    private static let methods: Set<String> = [
        "card", "link", "us_bank_account", "sepa_debit", "bacs_debit", "boleto", "klarna", "affirm", "ideal",
        "bancontact", "eps", "p24", "paypal", "cashapp", "alipay", "wechat_pay", "oxxo", "konbini", "multibanco",
    ]
    private static let longestReference = 200
    private static let ignored: Set<String> = [
        "allow_promotion_codes", "billing_address_collection", "locale",
        "submit_type", "automatic_tax",
        "phone_number_collection", "shipping_address_collection", "customer_creation",
        "payment_method_options", "ui_mode",
    ]
    /// Stripe's limit.
    private static let lineLimit = 100
    private static let quantities: ClosedRange<Int64> = 1...999_999

    let store: StripeObjectStore
    let sessions: CheckoutSessions
    let customers: Customers
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let one = "/v1/checkout/sessions/{id}"
        return [
            .init(
                method: .post, path: "/v1/checkout/sessions",
                accepts: Set(Self.texts).union(Self.ignored).union([
                    "line_items", "mode", "success_url", "cancel_url", "metadata", "payment_intent_data",
                    "expires_at", "currency", "payment_method_types",
                ]), handler: create),
            .init(
                method: .get, path: "/v1/checkout/sessions",
                accepts: StripeLists.parameters.union(["payment_intent", "status"])
            ) {
                try await lists.list(
                    .checkoutSession, path: "/v1/checkout/sessions", filters: ["payment_intent", "status"], $0
                )
            },
            .init(method: .get, path: one, accepts: []) { StripeAnswer(try await locked($0).body) },
            .init(method: .get, path: one + "/line_items", accepts: StripeLists.parameters) { call in
                let session = try await locked(call)
                return StripeAnswer([
                    "object": "list", "has_more": false,
                    "url": .string("/v1/checkout/sessions/\(session.id)/line_items"),
                    "data": session.hidden["line_items"] ?? [],
                ])
            },
            .init(method: .post, path: one + "/expire", accepts: []) { call in
                StripeAnswer(try await sessions.expire(locked(call), call.work).body)
            },
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let mode = try parameters.required("mode")
        guard mode == "payment" else {
            throw StripeError.invalid(nil, "Invalid mode: the sandbox has payment only", "mode")
        }
        let lines = try parameters.groups("line_items")
        guard !lines.isEmpty else { throw StripeError.missing("line_items") }
        guard lines.count <= Self.lineLimit else {
            throw StripeError.invalid(nil, "Too many line items", "line_items")
        }
        var details = [
            JSONMember("success_url", .string(try WebAddress.required(parameters, "success_url"))),
            JSONMember("metadata", try parameters.metadata()),
        ]
        if parameters.names.contains("cancel_url") {
            details.append(
                JSONMember("cancel_url", .string(try WebAddress.required(parameters, "cancel_url"))))
        }
        details += try await Self.payer(parameters, customers, call)
        for name in Self.texts where parameters.names.contains(name) {
            details.append(JSONMember(name, JSONValue(try parameters.text(name))))
        }
        let session = try await sessions.create(
            lines.map(Self.line), details: details,
            expiry: parameters.integer("expires_at").map { Timestamp(seconds: min($0, 253_402_300_799)) },
            payment: Self.payment(parameters), call.work)
        if let currency = try parameters.text("currency"), currency.lowercased() != session.text("currency") {
            throw StripeError.invalid(
                nil, "The currency must be that of the line items, \(session.text("currency")).", "currency")
        }
        return StripeAnswer(session.body)
    }

    /// Who pays and how, as far as a page can be made for them.
    private static func payer(
        _ parameters: StripeParameters, _ customers: Customers, _ call: StripeCall
    ) async throws -> [JSONMember] {
        if let customer = try parameters.text("customer") {
            guard try parameters.text("customer_email") == nil else {
                throw StripeError.invalid(
                    nil, "You may only specify one of these parameters: customer, customer_email.", "customer")
            }
            try await customers.check(customer, in: call.tx)
        }
        if let email = try parameters.text("customer_email"), !email.contains("@") {
            throw StripeError.invalid("email_invalid", "Invalid email address: \(email.prefix(100))", "customer_email")
        }
        if let reference = try parameters.text("client_reference_id"), reference.count > longestReference {
            throw StripeError.invalid(
                "parameter_invalid_string", "Invalid string: must be at most 200 characters", "client_reference_id")
        }
        let wanted = try parameters.list("payment_method_types")
        for method in wanted where !methods.contains(method) {
            throw StripeError.invalid(
                nil, "Invalid payment_method_types: \(method.prefix(50)) is no type of payment method",
                "payment_method_types")
        }
        guard Set(wanted).count == wanted.count else {
            throw StripeError.invalid(nil, "Duplicate payment_method_types", "payment_method_types")
        }
        return wanted.isEmpty ? [] : [JSONMember("payment_method_types", .array(wanted.map { .string($0) }))]
    }

    private static func line(_ parameters: StripeParameters) throws -> CheckoutSessions.Line {
        try parameters.check(names: ["price", "price_data", "quantity", "adjustable_quantity", "tax_rates"])
        if let price = try parameters.text("price") {
            throw StripeError.noSuch("price", price, parameter: "line_items", inPath: false)
        }
        let data = try parameters.group("price_data")
        try data.check(names: ["currency", "unit_amount", "product_data", "tax_behavior"])
        let product = try data.group("product_data")
        try product.check(names: ["name", "description", "images", "metadata", "tax_code"])
        let quantity = try parameters.requiredInteger("quantity")
        let amount = try data.requiredInteger("unit_amount")
        guard quantities.contains(quantity), (0...Currencies.largestPayment).contains(amount) else {
            throw StripeError.invalid(
                "parameter_invalid_integer", "Invalid quantity or unit_amount", "line_items")
        }
        return CheckoutSessions.Line(
            name: try product.required("name"), description: try product.text("description"),
            unitAmount: amount,
            quantity: quantity, currency: try Currencies.read(data))
    }

    private static func payment(_ parameters: StripeParameters) throws -> JSONValue {
        let data = try parameters.group("payment_intent_data")
        try data.check(names: [
            "metadata", "description", "transfer_group", "receipt_email", "statement_descriptor", "capture_method",
        ])
        var payment = [JSONMember("metadata", try data.metadata())]
        for name in ["description", "transfer_group", "receipt_email", "statement_descriptor"]
        where data.names.contains(name) {
            payment.append(JSONMember(name, JSONValue(try data.text(name))))
        }
        let capture = try data.choice("capture_method", default: CaptureMethod.automatic)
        payment.append(JSONMember("capture_method", .string(capture.rawValue)))
        return .object(payment)
    }

    private func locked(_ call: StripeCall) async throws -> StripeObject {
        guard let session = try await store.lock(call.id, .checkoutSession, in: call.tx) else {
            throw StripeError.noSuch("checkout.session", call.id, parameter: "session", inPath: true)
        }
        return session
    }
}
