import SharedModels

/// A webhook's event, as far as we go by it: it says what to look at, never what is so.
struct StripeEvent: Sendable, Equatable {
    let id: String
    let type: String
    let objectID: String?
}

extension StripeEvent {
    /// - Returns: `nil` when `json` is no event.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, !id.isEmpty, let type = json["type"]?.string else { return nil }
        self.init(id: id, type: type, objectID: json["data"]?["object"]?["id"]?.string)
    }
}
