import SharedModels

/// `/v1/balance`, `/v1/balance_transactions`, `/v1/payouts`, and `/v1/account`, the platform's own.
struct BalanceRoutes: Sendable {
    private static let platformID = "acct_1GuildhallSandbox"

    let store: StripeObjectStore
    let accounts: Accounts
    let books: Balances
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        [
            .init(method: .get, path: "/v1/balance", accepts: []) { call in
                StripeAnswer(
                    try await books.balances.json(of: call.account ?? BalanceStore.platform, in: call.tx))
            },
            .init(
                method: .get, path: "/v1/balance_transactions",
                accepts: StripeLists.parameters.union(["source", "type", "currency"])
            ) {
                try await lists.list(
                    .balanceTransaction, path: "/v1/balance_transactions", filters: ["source", "type", "currency"], $0)
            },
            .init(method: .get, path: "/v1/balance_transactions/{id}", accepts: []) { call in
                guard let found = try await store.find(call.id, .balanceTransaction, in: call.tx) else {
                    throw StripeError.noSuch("balance_transaction", call.id, parameter: "id", inPath: true)
                }
                return StripeAnswer(found.body)
            },
            .init(method: .get, path: "/v1/payouts", accepts: StripeLists.parameters.union(["status"])) {
                try await lists.list(.payout, path: "/v1/payouts", filters: ["status"], $0)
            },
            .init(method: .get, path: "/v1/payouts/{id}", accepts: []) { call in
                guard let payout = try await store.find(call.id, .payout, in: call.tx) else {
                    throw StripeError.noSuch("payout", call.id, parameter: "payout", inPath: true)
                }
                return StripeAnswer(payout.body)
            },
            .init(method: .get, path: "/v1/account", accepts: [], handler: account),
        ]
    }

    /// The account that the call acts for.
    private func account(_ call: StripeCall) async throws -> StripeAnswer {
        if let id = call.account { return StripeAnswer(try await accounts.find(id, in: call.tx).body) }
        let settings = try await books.settings.find(in: call.tx)
        return StripeAnswer([
            "id": .string(Self.platformID), "object": "account", "business_type": "company",
            "capabilities": ["card_payments": "active", "transfers": "active"], "charges_enabled": true,
            "country": "US", "default_currency": "usd", "details_submitted": true, "email": nil,
            "payouts_enabled": true,
            "settings": Accounts.settings(payouts: [
                "delay_days": .integer((settings.balanceDelaySeconds + 86_399) / 86_400),
                "interval": .string(settings.payouts.rawValue),
            ]),
            "type": "standard",
        ])
    }
}
