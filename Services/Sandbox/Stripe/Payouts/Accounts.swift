import Postgres
import SharedModels

/// Connected accounts. They begin empty, and can receive money once their owner has finished onboarding.
struct Accounts: Sendable {
    /// The questions to an owner, as `requirements` names them.
    private static let questions: [String] = [
        "business_profile.url", "external_account", "individual.first_name", "individual.last_name",
        "tos_acceptance.date",
        "tos_acceptance.ip",
    ]

    let store: StripeObjectStore
    let events: StripeEvents

    /// - Parameter capabilities: The requested capabilities.
    func create(
        type: String, country: String, email: String?, businessType: String?, capabilities: [String],
        metadata: JSONValue,
        _ work: StripeWork
    ) async throws -> StripeObject {
        let account = StripeObject(
            .account,
            [
                JSONMember("business_profile", ["mcc": nil, "name": nil, "url": nil]),
                JSONMember("business_type", JSONValue(businessType)),
                JSONMember("capabilities", .object(capabilities.map { JSONMember($0, "inactive") })),
                JSONMember("charges_enabled", false),
                JSONMember("country", .string(country)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("default_currency", country == "IN" ? "inr" : "usd"),
                JSONMember("details_submitted", false),
                JSONMember("email", JSONValue(email)),
                JSONMember(
                    "external_accounts",
                    [
                        "object": "list", "data": [], "has_more": false, "total_count": 0,
                        "url": "/v1/accounts/external_accounts",
                    ]),
                JSONMember("future_requirements", Self.requirements([], disabledReason: nil)),
                JSONMember("metadata", metadata),
                JSONMember("payouts_enabled", false),
                JSONMember(
                    "requirements", Self.requirements(Self.questions, disabledReason: "requirements.past_due")
                ),
                JSONMember("settings", Self.settings(payouts: ["delay_days": 2, "interval": "daily"])),
                JSONMember("tos_acceptance", ["date": nil]),
                JSONMember("type", .string(type)),
            ])
        try await store.insert(account, work)
        return account
    }

    /// - Parameter schedule: When its money leaves for its bank.
    static func settings(payouts schedule: JSONValue) -> JSONValue {
        let descriptor: JSONValue = [
            "statement_descriptor": nil, "statement_descriptor_kana": nil, "statement_descriptor_kanji": nil,
        ]
        return [
            "branding": ["icon": nil, "logo": nil, "primary_color": nil, "secondary_color": nil],
            "card_payments": [
                "statement_descriptor_prefix": nil, "statement_descriptor_prefix_kana": nil,
                "statement_descriptor_prefix_kanji": nil,
            ],
            "dashboard": ["display_name": "Guildhall", "timezone": "Etc/UTC"], "payments": descriptor,
            "payouts": ["debit_negative_balances": true, "schedule": schedule, "statement_descriptor": nil],
        ]
    }

    /// An account that the platform can see.
    ///
    /// - Throws: ``StripeError``: 404 when it does not exist, 403 when it has ended the connection.
    func find(_ id: String, in tx: Transaction) async throws -> StripeObject {
        guard let account = try await store.lock(id, .account, in: tx) else {
            throw StripeError.noSuch("account", id, parameter: "account", inPath: true)
        }
        guard Self.state(of: account) != .deauthorized else { throw StripeError.noAccess(to: id) }
        return account
    }

    /// The same, but `nil` when it does not exist.
    func reachable(_ id: String, in tx: Transaction) async throws -> StripeObject? {
        guard let account = try await store.lock(id, .account, in: tx), Self.state(of: account) != .deauthorized
        else { return nil }
        return account
    }

    /// What has become of it; `nil` when nothing has.
    static func state(of account: StripeObject) -> AccountState? {
        account.hidden["state"]?.string.flatMap(AccountState.init)
    }

    /// Requests more capabilities. They are active at once if the account is onboarded, otherwise after onboarding.
    func request(_ capabilities: [String], for account: inout StripeObject) {
        let state: JSONValue = account["details_submitted"] == true ? "active" : "inactive"
        for name in capabilities where account["capabilities"][name] != "active" {
            account["capabilities"] = account["capabilities"].setting(name, state)
        }
    }

    /// The owner has answered all questions. Who was rejected stays so.
    func finishOnboarding(_ account: StripeObject, _ work: StripeWork) async throws -> StripeObject {
        guard Self.state(of: account) != .rejected else { return account }
        var account = account
        account.hidden = ["state": .string(AccountState.active.rawValue)]
        let requested = account["capabilities"].object ?? []
        let names = requested.isEmpty ? ["card_payments", "transfers"] : requested.map(\.name)
        account["capabilities"] = .object(names.map { JSONMember($0, "active") })
        account["details_submitted"] = true
        account["charges_enabled"] = true
        account["payouts_enabled"] = true
        account["requirements"] = Self.requirements([], disabledReason: nil)
        account["tos_acceptance"] = ["date": JSONValue(unix: work.now)]
        try await store.save(account, work)
        try await events.emit("account.updated", account, account: account.id, work)
        return account
    }

    static func requirements(_ due: [String], disabledReason: String?) -> JSONValue {
        let names = JSONValue.array(due.map(JSONValue.string))
        return [
            "alternatives": [], "current_deadline": nil, "currently_due": names,
            "disabled_reason": JSONValue(disabledReason),
            "errors": [], "eventually_due": names, "past_due": names, "pending_verification": [],
        ]
    }
}
