import SharedModels

/// `expand[]`: whole objects in place of their ids (https://docs.stripe.com/expand).
struct Expansion: Sendable {
    /// Stripe's limit on `a.b.c.d`.
    private static let depthLimit = 4
    /// How many paths one call may name.
    private static let pathLimit = 20
    /// Ids that stay ids, by the kind of the object that has them. An object's own never expands.
    private static let plain: [StripeKind: String] = [.charge: "payment_method"]

    let store: StripeObjectStore

    /// - Parameter paths: Members joined by dots; `data` stands for every element of a list.
    /// - Throws: ``StripeError`` when a path leads to something that is not an id.
    func expand(_ paths: [String], in body: JSONValue, _ work: StripeWork) async throws -> JSONValue {
        var body = body
        guard paths.count <= Self.pathLimit else {
            throw StripeError.invalid(nil, "Too many properties to expand", "expand")
        }
        for path in paths {
            let segments = path.split(separator: ".").map(String.init)
            guard !segments.isEmpty, segments.count <= Self.depthLimit else {
                throw StripeError.invalid(nil, "You cannot expand more than 4 levels of a property", "expand")
            }
            body = try await expand(segments[...], of: path, in: body, work)
        }
        return body
    }

    private func expand(
        _ segments: ArraySlice<String>, of path: String, in body: JSONValue, _ work: StripeWork
    ) async throws -> JSONValue {
        guard let name = segments.first else { return body }
        let kind = body["object"]?.string.flatMap { StripeKind(rawValue: $0) }
        guard let value = body[name], name != "id", kind.flatMap({ Self.plain[$0] }) != name else {
            throw StripeError.invalid(nil, "This property cannot be expanded (\(path)).", "expand")
        }
        switch value {
        case .null: return body
        case .array(let elements):
            var expanded: [JSONValue] = []
            for element in elements {
                expanded.append(try await expand(segments.dropFirst(), of: path, in: element, work))
            }
            return body.setting(name, .array(expanded))
        case .object:
            return body.setting(name, try await expand(segments.dropFirst(), of: path, in: value, work))
        case .string(let id):
            guard let object = try await object(id, work) else {
                throw StripeError.invalid(nil, "This property cannot be expanded (\(path)).", "expand")
            }
            return body.setting(name, try await expand(segments.dropFirst(), of: path, in: object, work))
        case .bool, .integer, .decimal:
            throw StripeError.invalid(nil, "This property cannot be expanded (\(path)).", "expand")
        }
    }

    /// The object with this id. The name of a test card counts as the id of a PaymentMethod.
    private func object(_ id: String, _ work: StripeWork) async throws -> JSONValue? {
        guard let kind = StripeKind(id: id) else { return nil }
        if kind == .paymentMethod, let card = TestCard.find(id) {
            return PresentedCard(card: card).shown(at: work.now)
        }
        return try await store.find(id, kind, in: work.tx)?.body
    }
}
