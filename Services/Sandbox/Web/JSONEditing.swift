import SharedModels

extension JSONValue {
    /// A copy of the object with one member replaced, or added at the end. Any other value becomes an object.
    func setting(_ name: String, _ value: JSONValue) -> JSONValue {
        merging([JSONMember(name, value)])
    }

    /// A copy of the object with `members` replaced or added.
    func merging(_ members: [JSONMember]) -> JSONValue {
        var merged = object ?? []
        for member in members {
            if let index = merged.firstIndex(where: { $0.name == member.name }) {
                merged[index] = member
            } else {
                merged.append(member)
            }
        }
        return .object(merged)
    }

    /// The text as JSON, `null` for `nil`.
    init(_ text: String?) {
        self = text.map(JSONValue.string) ?? .null
    }

    init(_ number: Int64?) {
        self = number.map(JSONValue.integer) ?? .null
    }

    /// Seconds since 1970, as Stripe and Telegram write a time.
    init(unix moment: Timestamp) {
        self = .integer(moment.seconds)
    }
}
