import SharedModels

/// What others do to our payments and transfers.
extension StripeClient {
    func refund(_ id: String) async throws(ProviderError) -> StripeRefund {
        try await get("/v1/refunds/\(try Self.segment(id))")
    }

    func dispute(_ id: String) async throws(ProviderError) -> StripeDispute {
        try await get("/v1/disputes/\(try Self.segment(id))")
    }

    func charge(_ id: String) async throws(ProviderError) -> StripeCharge {
        try await get("/v1/charges/\(try Self.segment(id))")
    }

    func transfer(_ id: String) async throws(ProviderError) -> StripeTransfer {
        try await get("/v1/transfers/\(try Self.segment(id))")
    }

    /// All refunds of a payment, oldest first, failed ones too.
    func refunds(of payment: String) async throws(ProviderError) -> [StripeRefund] {
        try await all(of: "/v1/refunds?limit=100&payment_intent=\(try Self.segment(payment))")
    }

    /// All disputes of a payment, oldest first.
    func disputes(of payment: String) async throws(ProviderError) -> [StripeDispute] {
        try await all(of: "/v1/disputes?limit=100&payment_intent=\(try Self.segment(payment))")
    }

    /// What was taken back of a transfer, oldest first.
    func reversals(of transfer: String) async throws(ProviderError) -> [StripeReversal] {
        try await all(of: "/v1/transfers/\(try Self.segment(transfer))/reversals?limit=100")
    }

    /// Takes a part of a transfer back, as long as the worker's account has it.
    func reverse(
        _ transfer: String, _ amount: Money, for action: String, idempotencyKey: String
    ) async throws(ProviderError) -> StripeReversal {
        try await post(
            "/v1/transfers/\(try Self.segment(transfer))/reversals",
            [("amount", "\(amount.minorUnits)"), ("metadata[action]", action)], idempotencyKey)
    }

    private func all<Element: StripeObject>(of path: String) async throws(ProviderError) -> [Element] {
        var found: [Element] = []
        // Never true: the list is looked through to its end.
        let _: Element? = try await first(of: path) { element in
            found.append(element)
            return false
        }
        return found.reversed()
    }
}

/// The request to the client's bank, and what became of the money.
struct StripeCharge: StripeObject, Equatable {
    let id: String
    let paymentIntentID: String?
    /// In minor units.
    let amountRefunded: Int64
    /// Whether it was disputed at any time. Only the dispute tells how that ended.
    let isDisputed: Bool

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string else { return nil }
        self.id = id
        paymentIntentID = json["payment_intent"]?.string
        amountRefunded = json["amount_refunded"]?.integer ?? 0
        isDisputed = json["disputed"]?.bool ?? false
    }
}

/// The client's bank took a payment back, and decides in the end who has it.
struct StripeDispute: StripeObject, Equatable {
    enum Standing: Sendable, Equatable {
        /// The bank only asks; it took nothing.
        case inquiry
        case open, won, lost
    }

    let id: String
    let paymentIntentID: String?
    /// In minor units.
    let amount: Int64
    let standing: Standing

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let amount = json["amount"]?.integer, let status = json["status"]?.string
        else { return nil }
        self.id = id
        self.amount = amount
        paymentIntentID = json["payment_intent"]?.string
        standing =
            switch status {
            case "won": .won
            case "lost": .lost
            case let status where status.hasPrefix("warning_") || status == "prevented": .inquiry
            default: .open
            }
    }
}

/// A part of a transfer that was taken back.
struct StripeReversal: StripeObject, Equatable {
    let id: String
    /// In minor units.
    let amount: Int64
    /// From our metadata; `nil` when somebody else did it.
    let action: String?

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let amount = json["amount"]?.integer else { return nil }
        self.id = id
        self.amount = amount
        action = json["metadata"]?["action"]?.string
    }
}
