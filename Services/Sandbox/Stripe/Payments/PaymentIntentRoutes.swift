import SharedModels

/// `/v1/payment_intents` and `/v1/charges`.
struct PaymentIntentRoutes: Sendable {
    /// Members of a payment that a caller sets and that mean nothing to the sandbox.
    private static let texts = [
        "description", "receipt_email", "statement_descriptor", "transfer_group", "setup_future_usage",
        "customer",
    ]
    private static let ignored: Set<String> = [
        "automatic_payment_methods", "payment_method_types", "payment_method_options", "off_session",
        "return_url",
        "statement_descriptor_suffix", "use_stripe_sdk", "shipping", "mandate_data", "confirmation_method",
        "error_on_requires_action", "radar_options",
    ]
    private static let cards: Set<String> = ["payment_method", "payment_method_data"]
    private static let editable = Set(texts).union(cards).union(ignored).union([
        "amount", "currency", "metadata",
    ])
    private static let cancellationReasons: Set<String> = [
        "duplicate", "fraudulent", "requested_by_customer", "abandoned",
    ]

    let store: StripeObjectStore
    let intents: PaymentIntents
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let one = "/v1/payment_intents/{id}"
        return [
            .init(
                method: .post, path: "/v1/payment_intents",
                accepts: Self.editable.union(["capture_method", "confirm"]),
                handler: create),
            .init(
                method: .get, path: "/v1/payment_intents", accepts: StripeLists.parameters.union(["customer"])
            ) {
                try await lists.list(.paymentIntent, path: "/v1/payment_intents", filters: ["customer"], $0)
            },
            .init(method: .get, path: one, accepts: [], isOpenToBrowsers: true, handler: retrieve),
            .init(method: .post, path: one, accepts: Self.editable, handler: update),
            .init(
                method: .post, path: one + "/confirm",
                accepts: Self.cards.union(Self.ignored).union(["capture_method", "receipt_email"]),
                isOpenToBrowsers: true, handler: confirm),
            .init(
                method: .post, path: one + "/capture",
                accepts: [
                    "amount_to_capture", "metadata", "statement_descriptor", "statement_descriptor_suffix",
                    "final_capture",
                ],
                handler: capture),
            .init(method: .post, path: one + "/cancel", accepts: ["cancellation_reason"], handler: cancel),
            .init(
                method: .get, path: "/v1/charges",
                accepts: StripeLists.parameters.union(["payment_intent", "transfer_group"])
            ) {
                try await lists.list(
                    .charge, path: "/v1/charges", filters: ["payment_intent", "transfer_group"], $0)
            },
            .init(method: .get, path: "/v1/charges/{id}", accepts: []) { call in
                guard let charge = try await store.find(call.id, .charge, in: call.tx) else {
                    throw StripeError.noSuch("charge", call.id, parameter: "id", inPath: true)
                }
                return StripeAnswer(charge.body)
            },
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let amount = try parameters.requiredInteger("amount")
        let currency = try Currencies.read(parameters)
        let card = try TestCard.named(by: parameters)
        let isConfirmed = try parameters.flag("confirm") ?? false
        let intent = try await intents.create(
            amount: amount, currency: currency,
            captureMethod: parameters.choice("capture_method", default: .automatic),
            card: card, details: try details(parameters, over: .object([])), call.work)
        guard isConfirmed else { return StripeAnswer(intent.body) }
        return try await confirm(intent, card, call)
    }

    private func retrieve(_ call: StripeCall) async throws -> StripeAnswer {
        guard let intent = try await store.find(call.id, .paymentIntent, in: call.tx) else {
            throw Self.noSuch(call)
        }
        try Self.checkBrowser(call, intent)
        return StripeAnswer(intent.body)
    }

    private func update(_ call: StripeCall) async throws -> StripeAnswer {
        var intent = try await locked(call)
        let parameters = call.parameters
        let card = try TestCard.named(by: parameters)
        let amount = try parameters.integer("amount")
        let changesPayment = card != nil || amount != nil || parameters.names.contains("currency")
        if changesPayment { intent = try intents.moved(intent, by: .attach) }
        if let amount { intent["amount"] = .integer(amount) }
        if parameters.names.contains("currency") {
            intent["currency"] = .string(try Currencies.read(parameters))
        }
        if changesPayment {
            try Currencies.check(payment: intent.amount("amount"), intent.text("currency"))
            if let card { intent["payment_method"] = .string(card.paymentMethod) }
            let waits = intent["payment_method"].isNull
            intent["status"] = .string(
                (waits ? IntentStatus.requiresPaymentMethod : .requiresConfirmation).rawValue)
        }
        for member in try details(parameters, over: intent["metadata"]) { intent[member.name] = member.value }
        try await store.save(intent, call.work)
        return StripeAnswer(intent.body)
    }

    private func confirm(_ call: StripeCall) async throws -> StripeAnswer {
        let intent = try await locked(call)
        try Self.checkBrowser(call, intent)
        let named = try TestCard.named(by: call.parameters)
        return try await confirm(intent, named ?? TestCard.find(intent.text("payment_method")), call)
    }

    private func confirm(_ intent: StripeObject, _ card: TestCard?, _ call: StripeCall) async throws
        -> StripeAnswer
    {
        guard let card else {
            // A payment that is over says so first.
            _ = try intents.moved(intent, by: .attach)
            throw StripeError.invalid(
                "payment_intent_unexpected_state",
                "You cannot confirm this PaymentIntent because it's missing a payment method. "
                    + "You can either update the PaymentIntent with a payment method and then confirm it again, "
                    + "or confirm it again directly with a payment method.")
        }
        let (confirmed, refusal) = try await intents.confirm(
            intent, card, decline: call.isCardDeclined ? .generic : nil, call.work)
        guard let refusal else { return StripeAnswer(confirmed.body) }
        return StripeAnswer(["error": refusal.json], status: refusal.status)
    }

    private func capture(_ call: StripeCall) async throws -> StripeAnswer {
        var intent = try await locked(call)
        intent["metadata"] = try call.parameters.metadata(over: intent["metadata"])
        let amount = try call.parameters.integer("amount_to_capture")
        return StripeAnswer(try await intents.capture(intent, amount: amount, call.work).body)
    }

    private func cancel(_ call: StripeCall) async throws -> StripeAnswer {
        let intent = try await locked(call)
        let reason = try call.parameters.text("cancellation_reason")
        if let reason, !Self.cancellationReasons.contains(reason) {
            throw StripeError.invalid(
                nil,
                "Invalid cancellation_reason: must be one of \(Self.cancellationReasons.sorted().joined(separator: ", "))",
                "cancellation_reason")
        }
        return StripeAnswer(try await intents.cancel(intent, reason: reason, call.work).body)
    }

    private func details(_ parameters: StripeParameters, over metadata: JSONValue) throws -> [JSONMember] {
        var details = [JSONMember("metadata", try parameters.metadata(over: metadata))]
        for name in Self.texts where parameters.names.contains(name) {
            details.append(JSONMember(name, JSONValue(try parameters.text(name))))
        }
        return details
    }

    private func locked(_ call: StripeCall) async throws -> StripeObject {
        guard let intent = try await store.lock(call.id, .paymentIntent, in: call.tx) else {
            throw Self.noSuch(call)
        }
        return intent
    }

    /// A browser proves with the client secret that the payment is its own.
    private static func checkBrowser(_ call: StripeCall, _ intent: StripeObject) throws {
        let secret = try call.parameters.text("client_secret")
        if call.key == .secret, secret == nil { return }
        guard secret == intent.text("client_secret") else {
            throw StripeError.invalid(
                "payment_intent_invalid_parameter",
                "The client_secret provided does not match the client_secret associated with the PaymentIntent.",
                "client_secret")
        }
    }

    private static func noSuch(_ call: StripeCall) -> StripeError {
        .noSuch("payment_intent", call.id, parameter: "intent", inPath: true)
    }
}
