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
