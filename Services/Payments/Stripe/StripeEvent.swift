import SharedModels

/// An event, as far as we go by it: it says what to look at, never what is so.
struct StripeEvent: Sendable, Equatable {
    let id: String
    let type: String
    let objectID: String?
    /// When it was made, by Stripe's clock; `nil` once it is stored.
    var created: Timestamp?
    /// Whether it is about real money; `nil` once it is stored, or when it does not say.
    var isLive: Bool?

    /// What of ours an event may have changed.
    enum Concern: Sendable {
        case payee, checkout, dispute, refund, charge, capture, transfer, payment
    }

    /// `nil` when nothing of ours follows from it: it is stored and not looked into.
    var concern: Concern? {
        switch type {
        case "account.updated", "account.application.deauthorized": .payee
        case "charge.refund.updated": .refund
        case "charge.refunded": .charge
        case "charge.captured": .capture
        case "transfer.reversed", "transfer.updated": .transfer
        // We made it, and nobody has paid yet.
        case "payment_intent.created": nil
        case let type where type.hasPrefix("checkout.session."): .checkout
        case let type where type.hasPrefix("charge.dispute."): .dispute
        case let type where type.hasPrefix("refund."): .refund
        case let type where type.hasPrefix("payment_intent."): .payment
        default: nil
        }
    }
}

extension StripeEvent: StripeObject {
    /// - Returns: `nil` when `json` is no event.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, !id.isEmpty, let type = json["type"]?.string else { return nil }
        // This one is about the account, though it carries our own application.
        let account = type == "account.application.deauthorized" ? json["account"]?.string : nil
        self.init(
            id: id, type: type, objectID: account ?? json["data"]?["object"]?["id"]?.string,
            created: json["created"]?.integer.map { Timestamp(seconds: $0) }, isLive: json["livemode"]?.bool)
    }
}
