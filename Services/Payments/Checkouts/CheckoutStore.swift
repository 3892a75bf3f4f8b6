import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `checkouts`, except those of admins' reports.
struct CheckoutStore: Sendable {
    static let columns: SQL = """
        id, job_id, client_id, freelancer_id, quoted_contract_id, title, amount_minor, amount_currency, state, moving, session_id,
        payment_intent_id, paid_minor, paid_currency, returned_minor, contract_id, contract_number, job_title, fee_minor,
        client_minor, freelancer_minor, cancel_reason, cancel_description, is_frozen, funded_at, divided_at, version,
        created_at, updated_at
        """

    /// Adds a payment, unless another one for the same is live.
    ///
    /// - Returns: Whether it was added.
    func insertIfAbsent(_ checkout: Checkout, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO checkouts (id, job_id, client_id, freelancer_id, quoted_contract_id, title, amount_minor,
                                   amount_currency, state, version, created_at, updated_at)
            VALUES (\(checkout.id), \(checkout.jobID), \(checkout.clientID), \(checkout.freelancerID),
                    \(checkout.quotedContractID), \(checkout.title), \(checkout.amount.minorUnits), \(checkout.amount.currency), \(checkout.state),
                    \(checkout.version), \(now), \(now))
            ON CONFLICT (job_id, client_id, freelancer_id)
                WHERE state IN ('opening', 'open', 'processing', 'paid') DO NOTHING
            """) == 1
    }

    func find(_ id: CheckoutID, in executor: some SQLExecutor) async throws -> Checkout? {
        try await first("id = \(id)", in: executor)
    }

    func find(_ ids: [CheckoutID], in executor: some SQLExecutor) async throws -> [Checkout] {
        try await executor.all(
            "SELECT \(fragment: Self.columns) FROM checkouts WHERE id = ANY(\(ids.map(\.uuid)))", Checkout.init(row:))
    }

    func find(session id: String, in executor: some SQLExecutor) async throws -> Checkout? {
        try await first("session_id = \(id)", in: executor)
    }

    func find(payment id: String, in executor: some SQLExecutor) async throws -> Checkout? {
        try await first("payment_intent_id = \(id)", in: executor)
    }

    /// The payment that a contract took.
    func find(of contract: ContractID, in executor: some SQLExecutor) async throws -> Checkout? {
        try await first("contract_id = \(contract)", in: executor)
    }

    /// Reads a payment and locks its row. The holder of the lock decides what moves next.
    func lock(_ id: CheckoutID, in tx: Transaction) async throws -> Checkout? {
        try await first("id = \(id) FOR UPDATE", in: tx)
    }

    /// Like ``lock(_:in:)``, the payment that is live for the same as `offer`.
    func lockLive(_ offer: CheckoutOffer, in tx: Transaction) async throws -> Checkout? {
        try await first(
            """
            job_id = \(offer.jobID) AND client_id = \(offer.clientUserID)
               AND freelancer_id = \(offer.freelancerUserID) AND state IN ('opening', 'open', 'processing', 'paid')
               FOR UPDATE
            """, in: tx)
    }

    /// Payments of an account that are not where they belong yet, and divided ones of which a bank may give back what is the
    /// account's; at most ``DeletionBlockers/limit``.
    func open(of account: AccountID, in executor: some SQLExecutor) async throws -> [Checkout] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM checkouts
             WHERE (client_id = \(account) AND state IN ('processing', 'paid', 'funded', 'returning'))
                OR (freelancer_id = \(account) AND state IN ('paid', 'funded'))
                OR (client_id = \(account) AND is_frozen AND state = 'refunded')
                OR (freelancer_id = \(account) AND is_frozen AND state IN ('released', 'refunded'))
             ORDER BY id LIMIT \(DeletionBlockers.limit)
            """, Checkout.init(row:))
    }

    /// Writes a locked payment back. Its version grows by one.
    func save(_ checkout: inout Checkout, at now: Timestamp, in tx: Transaction) async throws {
        let (payment, deal, division) = (checkout.payment, checkout.deal, checkout.division)
        checkout.version = try await tx.one(
            """
            UPDATE checkouts
               SET state = \(checkout.state), moving = \(checkout.moving), session_id = \(checkout.sessionID),
                   payment_intent_id = \(payment?.intentID), paid_minor = \(payment?.amount.minorUnits),
                   paid_currency = \(payment?.amount.currency), returned_minor = \(payment?.returned.minorUnits ?? 0),
                   contract_id = \(deal?.contractID), contract_number = \(deal?.number), job_title = \(deal?.jobTitle),
                   funded_at = \(deal?.fundedAt), fee_minor = \(division?.shares.fee.minorUnits),
                   client_minor = \(division?.shares.client.minorUnits),
                   freelancer_minor = \(division?.shares.freelancer.minorUnits), divided_at = \(division?.at),
                   cancel_reason = \(checkout.cancellation?.reason),
                   cancel_description = \(checkout.cancellation?.description), is_frozen = \(checkout.isFrozen),
                   version = version + 1, updated_at = \(now)
             WHERE id = \(checkout.id)
            RETURNING version
            """
        ) { try $0.decode("version") }
    }

    private func first(_ condition: SQL, in executor: some SQLExecutor) async throws -> Checkout? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM checkouts WHERE \(fragment: condition)", Checkout.init(row:))
    }
}

extension Checkout {
    init(row: Row) throws {
        self.init(
            id: try row.decode("id"), jobID: try row.decode("job_id"), clientID: try row.decode("client_id"),
            freelancerID: try row.decode("freelancer_id"),
            quotedContractID: try row.decodeIfPresent("quoted_contract_id"), title: try row.decode("title"),
            amount: try row.money("amount"), state: try row.decode("state"), moving: try row.decode("moving"),
            sessionID: try row.decode("session_id"), payment: try Payment(row: row), deal: try Deal(row: row),
            division: try Division(row: row), cancellation: try Cancellation(row: row),
            isFrozen: try row.decode("is_frozen"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}

extension Checkout.Payment {
    fileprivate init?(row: Row) throws {
        guard let id: String = try row.decodeIfPresent("payment_intent_id") else { return nil }
        let amount: Money = try row.money("paid")
        self.init(
            intentID: id, amount: amount,
            returned: Money(minorUnits: try row.decode("returned_minor"), currency: amount.currency))
    }
}

extension Checkout.Deal {
    fileprivate init?(row: Row) throws {
        guard let id: ContractID = try row.decodeIfPresent("contract_id") else { return nil }
        self.init(
            contractID: id, number: try row.decode("contract_number"), jobTitle: try row.decode("job_title"),
            fundedAt: try row.decode("funded_at"))
    }
}

extension Checkout.Division {
    fileprivate init?(row: Row) throws {
        guard let fee: Int64 = try row.decodeIfPresent("fee_minor") else { return nil }
        let currency: Currency = try row.decode("paid_currency")
        self.init(
            shares: CheckoutShares(
                fee: Money(minorUnits: fee, currency: currency),
                client: Money(minorUnits: try row.decode("client_minor"), currency: currency),
                freelancer: Money(minorUnits: try row.decode("freelancer_minor"), currency: currency)),
            at: try row.decode("divided_at"))
    }
}

extension Checkout.Cancellation {
    fileprivate init?(row: Row) throws {
        guard let reason: String = try row.decodeIfPresent("cancel_reason") else { return nil }
        self.init(reason: reason, description: try row.decodeIfPresent("cancel_description") ?? "")
    }
}
