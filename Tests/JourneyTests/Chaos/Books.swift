import Postgres
import SharedModels

/// What the databases of payments, contracts and the provider say. A schedule reads them past the services, because the
/// services may be dead, or wrong.
struct Books: Sendable {
    let payments: Database
    let contracts: Database
    let sandbox: Database

    struct Escrow: Sendable {
        let state: String
        let intent: String?
        let transfer: String?
        let isMoving: Bool
    }

    struct Checkout: Sendable {
        let id: String
        let state: String
        let session: String?
        let intent: String?
        let isMoving: Bool
    }

    // MARK: - One deal

    func escrow(of milestone: String) async throws -> Escrow? {
        try await payments.first(
            "SELECT state, payment_intent_id, transfer_id, moving FROM escrows WHERE milestone_id = \(milestone)::uuid"
        ) { row in
            Escrow(
                state: try row.decode("state"), intent: try row.decodeIfPresent("payment_intent_id"),
                transfer: try row.decodeIfPresent("transfer_id"),
                isMoving: try row.decodeIfPresent("moving", as: String.self) != nil)
        }
    }

    func state(of milestone: String) async throws -> String? { try await escrow(of: milestone)?.state }

    /// The payments of a job, newest first.
    func checkouts(of job: String) async throws -> [Checkout] {
        guard let id = GigID(job) else { return [] }
        return try await payments.all(
            """
            SELECT id::text AS id, state, session_id, payment_intent_id, moving FROM checkouts
             WHERE job_id = \(id) ORDER BY created_at DESC, id DESC
            """
        ) { row in
            Checkout(
                id: try row.decode("id"), state: try row.decode("state"),
                session: try row.decodeIfPresent("session_id"), intent: try row.decodeIfPresent("payment_intent_id"),
                isMoving: try row.decodeIfPresent("moving", as: String.self) != nil)
        }
    }

    /// The payment of a job that counts: the one that was paid, otherwise the newest.
    func checkout(of job: String) async throws -> Checkout? {
        let all = try await checkouts(of: job)
        return all.first { $0.intent != nil } ?? all.first { $0.state != "ended" } ?? all.first
    }

    func payee(_ account: String) async throws -> String? {
        try await payments.first("SELECT stripe_account_id FROM payees WHERE account_id = \(account)::uuid") {
            try $0.decodeIfPresent("stripe_account_id")
        } ?? nil
    }

    func isOnboarded(_ account: String) async throws -> Bool {
        try await payments.first(
            "SELECT onboarded_at IS NOT NULL AS is_onboarded FROM payees WHERE account_id = \(account)::uuid"
        ) { try $0.decode("is_onboarded") } ?? false
    }

    /// The payments of arbitration fees that their banks have not decided yet.
    func undecidedFees() async throws -> [String] {
        try await sandbox.all(
            """
            SELECT id FROM stripe_objects
             WHERE kind = 'payment_intent' AND body ->> 'status' = 'processing'
               AND body -> 'metadata' ->> 'dispute_id' IS NOT NULL
            """
        ) { try $0.decode("id") }
    }

    /// The provider's payments for a milestone.
    func payments(of milestone: String) async throws -> [String] {
        try await sandbox.all(
            """
            SELECT id FROM stripe_objects
             WHERE kind = 'payment_intent' AND body -> 'metadata' ->> 'milestone_id' = \(milestone) ORDER BY position
            """
        ) { try $0.decode("id") }
    }

    /// What a payment has left at the provider: what was captured, less what went back to the card.
    func rest(of payment: String) async throws -> (status: String, captured: Int64, back: Int64) {
        let intent: (String, Int64) = try await sandbox.one(
            """
            SELECT body ->> 'status' AS status, coalesce((body ->> 'amount_received')::bigint, 0) AS captured
              FROM stripe_objects WHERE id = \(payment)
            """
        ) { (try $0.decode("status"), try $0.decode("captured")) }
        let back: Int64 = try await sandbox.one(
            """
            SELECT coalesce(sum((body ->> 'amount')::bigint), 0)::bigint AS back FROM stripe_objects
             WHERE body ->> 'payment_intent' = \(payment)
               AND (kind = 'refund' AND body ->> 'status' NOT IN ('failed', 'canceled')
                    OR kind = 'dispute' AND body ->> 'status' <> 'won')
            """
        ) { try $0.decode("back") }
        return (intent.0, intent.1, back)
    }

    /// The transfers for a milestone: how many have left something with the worker, and how much.
    func transferred(for milestone: String) async throws -> (count: Int64, amount: Int64) {
        try await sandbox.one(
            """
            SELECT count(*) FILTER (WHERE rest > 0) AS count, coalesce(sum(rest), 0)::bigint AS amount
              FROM (SELECT (body ->> 'amount')::bigint - (body ->> 'amount_reversed')::bigint AS rest
                      FROM stripe_objects
                     WHERE kind = 'transfer' AND body -> 'metadata' ->> 'milestone_id' = \(milestone)) t
            """
        ) { (try $0.decode("count"), try $0.decode("amount")) }
    }

    /// What the ledger says is at the provider of one milestone, or of one checkout.
    func believed(of subject: String) async throws -> Int64 {
        try await payments.one(
            """
            SELECT coalesce(-sum(e.amount), 0)::bigint AS believed
              FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
             WHERE t.subject = \(subject)::uuid AND e.account_id LIKE 'provider:%'
            """
        ) { try $0.decode("believed") }
    }

    /// The balance of an account; 0 when nothing was ever posted to it.
    func balance(of account: String) async throws -> Int64 {
        try await payments.first("SELECT balance FROM ledger_accounts WHERE id = \(account)") {
            try $0.decode("balance")
        } ?? 0
    }

    /// What contracts says of a milestone.
    func milestone(_ id: String) async throws -> (status: String, contract: String, isMoving: Bool) {
        try await contracts.one(
            """
            SELECT m.status, c.status AS contract, m.moving FROM milestones m JOIN contracts c ON c.id = m.contract_id
             WHERE m.id = \(id)::uuid
            """
        ) {
            (
                try $0.decode("status"), try $0.decode("contract"),
                try $0.decodeIfPresent("moving", as: String.self) != nil
            )
        }
    }

    /// What contracts and payments say of a released milestone's fee, and of the part that went back.
    func figures(of milestone: String) async throws -> (contracts: [Int64?], payments: [Int64?]) {
        func read(_ row: Row, _ fee: String, _ returned: String) throws -> [Int64?] {
            [try row.decodeIfPresent(fee, as: Int64.self), try row.decode(returned, as: Int64.self)]
        }
        let shown = try await contracts.one(
            "SELECT platform_fee_cents, returned_cents FROM milestones WHERE id = \(milestone)::uuid"
        ) { try read($0, "platform_fee_cents", "returned_cents") }
        let known = try await payments.one(
            "SELECT fee_minor, returned_minor FROM escrows WHERE milestone_id = \(milestone)::uuid"
        ) { try read($0, "fee_minor", "returned_minor") }
        return (shown, known)
    }

    /// - Parameter kind: Cases of this kind do not count.
    func hasCase(about subject: String, besides kind: String = "") async throws -> Bool {
        try await payments.one(
            """
            SELECT EXISTS (SELECT FROM escrow_cases WHERE closed_at IS NULL AND kind <> \(kind)
                               AND (milestone_id = \(subject)::uuid OR checkout_id = \(subject)::uuid)) AS has_case
            """
        ) { try $0.decode("has_case") }
    }

    /// The open cases of a kind.
    func openCases(_ kind: String) async throws -> [String] {
        try await payments.all(
            "SELECT id::text AS id FROM escrow_cases WHERE kind = \(kind) AND closed_at IS NULL ORDER BY opened_at"
        ) { try $0.decode("id") }
    }

    // MARK: - Everything

    /// What has not ended since that time, and how far ledger and provider are apart.
    func remains(olderThan moment: Timestamp) async throws -> Remains {
        var things: [String] = []
        things += try await payments.all("SELECT key FROM actions WHERE state = 'started' AND started_at < \(moment)") {
            "the action \(try $0.decode("key", as: String.self))"
        }
        things += try await payments.all(
            "SELECT id, type FROM stripe_events WHERE handled_at IS NULL AND received_at < \(moment)"
        ) { "the provider's event \(try $0.decode("id", as: String.self)), \(try $0.decode("type", as: String.self))" }
        let live: [String] = try await sandbox.all(
            "SELECT id FROM stripe_objects WHERE kind = 'event' AND body ->> 'livemode' = 'true'"
        ) { try $0.decode("id") }
        things += try await payments.all("SELECT id FROM stripe_events WHERE id = ANY(\(live))") {
            "the event \(try $0.decode("id", as: String.self)) of real money, which was taken"
        }
        things += try await payments.all(
            "SELECT dispute_id::text AS id FROM arbitration_fees WHERE state = 'charging' AND updated_at < \(moment)"
        ) { "the fee of \(try $0.decode("id", as: String.self))" }
        things += try await contracts.all("SELECT id::text AS id, moving FROM milestones WHERE moving IS NOT NULL") {
            "the milestone \(try $0.decode("id", as: String.self)): \(try $0.decode("moving", as: String.self))"
        }
        for (name, database) in [("payments", payments), ("contracts", contracts)] {
            things += try await database.all("SELECT kind, key FROM scheduled WHERE due_at < \(moment)") {
                "\(name)' \(try $0.decode("kind", as: String.self)) of \(try $0.decode("key", as: String.self))"
            }
            things += try await database.all("SELECT name, id::text AS id FROM outbox WHERE created_at < \(moment)") {
                "\(name)' event \(try $0.decode("name", as: String.self)) \(try $0.decode("id", as: String.self))"
            }
            things += try await database.all("SELECT id::text AS id, reason FROM dead_letters") {
                "\(name)' letter \(try $0.decode("id", as: String.self)): \(try $0.decode("reason", as: String.self))"
            }
        }
        things += try await payments.all(
            """
            SELECT a.id FROM ledger_accounts a LEFT JOIN ledger_months m ON m.account_id = a.id
             WHERE split_part(a.id, ':', 1) IN ('payable', 'wallet', 'receivable')
             GROUP BY a.id, a.balance HAVING coalesce(sum(m.earned + m.refunded - m.paid_out), 0) <> a.balance
            """
        ) { "the months of \(try $0.decode("id", as: String.self)), which are not its balance" }
        let sums: [Int64] = try await payments.all(
            "SELECT sum(balance)::bigint AS sum FROM ledger_accounts GROUP BY unit"
        ) {
            try $0.decode("sum")
        }
        return Remains(things: Set(things), drift: try await drift(), isBalanced: sums.allSatisfy { $0 == 0 })
    }

    /// By currency, in minor units: what the provider has more than the ledger says. What the provider keeps is in both,
    /// payouts to the platform's own bank in neither.
    private func drift() async throws -> [String: Int64] {
        let there: [(String, Int64)] = try await sandbox.all(
            """
            SELECT body ->> 'currency' AS currency, sum((body ->> 'net')::bigint)::bigint AS sum
              FROM stripe_objects WHERE kind = 'balance_transaction' AND body ->> 'type' NOT LIKE 'payout%' GROUP BY 1
            """
        ) { (try $0.decode("currency"), try $0.decode("sum")) }
        var drift = Dictionary(uniqueKeysWithValues: there)
        for currency in ["usd", "inr"] { drift[currency, default: 0] += try await balance(of: "provider:\(currency)") }
        return drift
    }
}

/// What a schedule leaves behind.
struct Remains: Sendable, Equatable {
    var things: Set<String>
    let drift: [String: Int64]
    let isBalanced: Bool
}
