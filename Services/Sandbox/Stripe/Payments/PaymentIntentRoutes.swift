import SharedModels

/// `/v1/payment_intents`.
struct PaymentIntentRoutes: Sendable {
    private static let cancellationReasons: Set<String> = [
        "duplicate", "fraudulent", "requested_by_customer", "abandoned",
    ]

    let store: StripeObjectStore
    let intents: PaymentIntents
    let parameters: PaymentIntentParameters
    let methods: PaymentMethods
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let one = "/v1/payment_intents/{id}"
        return [
            .init(
                method: .post, path: "/v1/payment_intents",
                accepts: PaymentIntentParameters.ofCreation, handler: create),
            .init(
                method: .get, path: "/v1/payment_intents", accepts: StripeLists.parameters.union(["customer"])
            ) {
                try await lists.list(.paymentIntent, path: "/v1/payment_intents", filters: ["customer"], $0)
            },
            .init(method: .get, path: one, accepts: [], isOpenToBrowsers: true, handler: retrieve),
            .init(method: .post, path: one, accepts: PaymentIntentParameters.ofUpdate, handler: update),
            .init(
                method: .post, path: one + "/confirm",
                accepts: PaymentIntentParameters.ofConfirmation, isOpenToBrowsers: true, handler: confirm),
            .init(
                method: .post, path: one + "/capture",
                accepts: [
                    "amount_to_capture", "metadata", "statement_descriptor", "statement_descriptor_suffix",
                    "final_capture",
                ],
                handler: capture),
            .init(method: .post, path: one + "/cancel", accepts: ["cancellation_reason"], handler: cancel),
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let amount = try call.parameters.requiredInteger("amount")
        let currency = try Currencies.read(call.parameters)
        let isConfirmed = try call.parameters.flag("confirm") ?? false
        if !isConfirmed { try PaymentIntentParameters.checkUnconfirmed(call.parameters) }
        let details = try await parameters.details(call, of: nil)
        let card = try await methods.named(by: call.parameters, in: call.tx)
        try card?.check(ownedBy: call.parameters.text("customer"), for: nil)
        let intent = try await intents.create(
            amount: amount, currency: currency,
            captureMethod: call.parameters.choice("capture_method", default: .automatic),
            card: card, details: details, call.work)
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
        let details = try await parameters.details(call, of: intent)
        let card = try await methods.named(by: call.parameters, in: call.tx)
        let changesPayment = PaymentIntentParameters.changesPayment(call.parameters)
        if changesPayment { intent = try intent.moved(by: .attach) }
        for member in details { intent[member.name] = member.value }
        if let amount = try call.parameters.integer("amount") { intent["amount"] = .integer(amount) }
        if call.parameters.names.contains("currency") {
            intent["currency"] = .string(try Currencies.read(call.parameters))
        }
        if changesPayment {
            try Currencies.check(payment: intent.amount("amount"), intent.text("currency"))
            try card?.check(ownedBy: intent["customer"].string, for: intent)
            if let card { intent["payment_method"] = .string(card.id) }
            let waits = intent["payment_method"].isNull
            intent["status"] = .string(
                (waits ? IntentStatus.requiresPaymentMethod : .requiresConfirmation).rawValue)
        }
        try await store.save(intent, call.work)
        return StripeAnswer(intent.body)
    }

    private func confirm(_ call: StripeCall) async throws -> StripeAnswer {
        var intent = try await locked(call)
        try Self.checkBrowser(call, intent)
        if let usage = try SetupFutureUsage.read(call.parameters) {
            intent["setup_future_usage"] = .string(usage.rawValue)
        }
        var card = try await methods.named(by: call.parameters, in: call.tx)
        if card == nil { card = try await methods.find(intent.text("payment_method"), in: call.tx) }
        return try await confirm(intent, card, call)
    }

    private func confirm(_ intent: StripeObject, _ card: PresentedCard?, _ call: StripeCall) async throws
        -> StripeAnswer
    {
        let (confirmed, refusal) = try await intents.confirm(
            intent, card, isOffSession: try PaymentIntentParameters.isOffSession(call.parameters),
            bank: call.bank, call.work)
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
