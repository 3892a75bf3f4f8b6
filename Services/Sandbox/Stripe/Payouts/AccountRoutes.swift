import SharedModels

/// `/v1/accounts` and `/v1/account_links`.
struct AccountRoutes: Sendable {
    private static let types: Set<String> = ["express", "standard", "custom"]
    private static let editable: Set<String> = [
        "email", "metadata", "capabilities", "business_type", "business_profile", "settings",
        "tos_acceptance", "individual", "company",
        "external_account", "default_currency",
    ]
    private static let linkTypes: Set<String> = ["account_onboarding", "account_update"]

    let store: StripeObjectStore
    let accounts: Accounts
    let events: StripeEvents
    let lists: StripeLists
    let onboarding: Onboarding

    var routes: [StripeGate.Route] {
        [
            .init(
                method: .post, path: "/v1/accounts",
                accepts: Self.editable.union(["type", "country", "controller"]),
                handler: create),
            .init(method: .get, path: "/v1/accounts", accepts: StripeLists.parameters) {
                try await lists.list(.account, path: "/v1/accounts", $0)
            },
            .init(method: .get, path: "/v1/accounts/{id}", accepts: []) { call in
                StripeAnswer(try await accounts.find(call.id, in: call.tx).body)
            },
            .init(method: .post, path: "/v1/accounts/{id}", accepts: Self.editable, handler: update),
            .init(
                method: .post, path: "/v1/account_links",
                accepts: ["account", "refresh_url", "return_url", "type", "collect", "collection_options"],
                handler: createLink),
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let type =
            try parameters.text("type") ?? (parameters.names.contains("controller") ? "none" : "standard")
        guard type == "none" || Self.types.contains(type) else {
            throw StripeError.invalid(
                nil, "Invalid type: must be one of \(Self.types.sorted().joined(separator: ", "))", "type")
        }
        let country = try parameters.text("country") ?? "US"
        guard country.count == 2, country.utf8.allSatisfy(\.isASCIIUppercase) else {
            throw StripeError.invalid(
                "country_unsupported", "Country '\(country.prefix(20))' is unknown.", "country")
        }
        let account = try await accounts.create(
            type: type, country: country, email: parameters.text("email"),
            businessType: parameters.text("business_type"),
            capabilities: try requestedCapabilities(parameters), metadata: parameters.metadata(), call.work)
        return StripeAnswer(account.body)
    }

    private func update(_ call: StripeCall) async throws -> StripeAnswer {
        var account = try await accounts.find(call.id, in: call.tx)
        let parameters = call.parameters
        for name in ["email", "business_type", "default_currency"] where parameters.names.contains(name) {
            account[name] = JSONValue(try parameters.text(name))
        }
        account["metadata"] = try parameters.metadata(over: account["metadata"])
        accounts.request(try requestedCapabilities(parameters), for: &account)
        try await store.save(account, call.work)
        try await events.emit("account.updated", account, account: account.id, call.work)
        return StripeAnswer(account.body)
    }

    private func createLink(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let id = try parameters.required("account")
        let type = try parameters.required("type")
        guard Self.linkTypes.contains(type) else {
            throw StripeError.invalid(
                nil, "Invalid type: must be one of \(Self.linkTypes.sorted().joined(separator: ", "))", "type"
            )
        }
        let returnURL = try WebAddress.required(parameters, "return_url")
        let refreshURL = try WebAddress.required(parameters, "refresh_url")
        guard let account = try await accounts.reachable(id, in: call.tx) else {
            throw StripeError.noSuch("account", id, parameter: "account", inPath: false)
        }
        guard Accounts.state(of: account) != .rejected else {
            throw StripeError.invalid(
                "account_invalid", "You cannot create an account link for an account that was rejected.", "account")
        }
        return StripeAnswer(
            try await onboarding.createLink(to: id, returnURL: returnURL, refreshURL: refreshURL, call.work))
    }

    private func requestedCapabilities(_ parameters: StripeParameters) throws -> [String] {
        let group = try parameters.group("capabilities")
        return try group.names.filter { try group.group($0).flag("requested") == true }
    }
}

/// A URL that Stripe sends people to.
enum WebAddress {
    static func required(_ parameters: StripeParameters, _ name: String) throws(StripeError) -> String {
        let url = try parameters.required(name)
        guard isValid(url) else { throw .invalid("url_invalid", "Not a valid URL", name) }
        return url
    }

    /// Whether it is http or https, has a host, and fits into a header.
    static func isValid(_ url: String) -> Bool {
        WebURL(url) != nil && url.utf8.allSatisfy(\.isVisibleASCII)
    }
}
