import SharedModels

/// The owner of a card. All members are always present.
enum BillingDetails {
    /// Nothing is known.
    static let none: JSONValue = write({ _ in nil }, address: { _ in nil })

    /// Reads the parameters under `payment_method_data[billing_details]`.
    static func read(_ parameters: StripeParameters) throws -> JSONValue {
        let details = try parameters.group("payment_method_data").group("billing_details")
        let address = try details.group("address")
        return try write({ try details.text($0) }, address: { try address.text($0) })
    }

    private static func write(
        _ text: (String) throws -> String?, address: (String) throws -> String?
    ) rethrows -> JSONValue {
        let places = ["city", "country", "line1", "line2", "postal_code", "state"]
        return [
            "address": .object(try places.map { JSONMember($0, JSONValue(try address($0))) }),
            "email": JSONValue(try text("email")), "name": JSONValue(try text("name")),
            "phone": JSONValue(try text("phone")),
        ]
    }
}
