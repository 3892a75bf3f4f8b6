import SharedModels

/// Stripe's lists: `limit`, `starting_after`, `ending_before`, and filters by a member's value.
struct StripeLists: Sendable {
    static let parameters: Set<String> = ["limit", "starting_after", "ending_before"]

    let store: StripeObjectStore

    /// - Parameters:
    ///   - path: The list's own path, for its `url`.
    ///   - filters: Parameters that are members of the objects by the same name.
    ///   - fixed: Members and the texts they must have, regardless of the parameters.
    func list(
        _ kind: StripeKind, path: String, filters: [String] = [],
        where fixed: [(name: String, value: String)] = [], _ call: StripeCall
    ) async throws -> StripeAnswer {
        let limit = try call.parameters.integer("limit") ?? 10
        guard (1...100).contains(limit) else {
            throw StripeError.invalid(
                "parameter_invalid_integer", "Invalid limit: must be from 1 to 100", "limit")
        }
        let after = try await cursor("starting_after", kind, call)
        let before = try await cursor("ending_before", kind, call)
        var conditions = fixed
        for name in filters {
            if let value = try call.parameters.text(name) { conditions.append((name, value)) }
        }
        let found = try await store.page(
            kind, filters: conditions, after: after, before: before, limit: limit, in: call.tx)
        let page = found.prefix(Int(limit))
        return StripeAnswer([
            "object": "list", "url": .string(path), "has_more": .bool(found.count > Int(limit)),
            "data": .array(before == nil ? Array(page) : page.reversed()),
        ])
    }

    private func cursor(_ name: String, _ kind: StripeKind, _ call: StripeCall) async throws -> String? {
        guard let id = try call.parameters.text(name) else { return nil }
        guard try await store.find(id, kind, in: call.tx) != nil else {
            throw StripeError.noSuch(kind.rawValue, id, parameter: name, inPath: false)
        }
        return id
    }
}
