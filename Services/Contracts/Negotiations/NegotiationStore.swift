import Postgres
import SharedModels

/// Every statement on the table `negotiations`, except that ``DepartureStore`` erases contacts there.
struct NegotiationStore: Sendable {
    static let columns: SQL =
        """
        id, gig_id, gig_title, client_user_id, worker_user_id, state, ended_by, round_number, rate_cents,
        hours_per_week, start_date, payout_delay_days, contract_id, waits_for_client, waits_for_worker, closed_at,
        client_contact_type, client_contact_value, worker_contact_type, worker_contact_value, version, created_at, updated_at
        """

    /// The index that allows one open negotiation per worker and gig.
    static let oneLive = "negotiations_one_live"

    func insert(_ negotiation: Negotiation, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO negotiations (
                \(fragment: Self.columns))
            VALUES (
                \(negotiation.id), \(negotiation.gigID), \(negotiation.gigTitle),
                \(negotiation.parties.client), \(negotiation.parties.worker), \(negotiation.state), \(negotiation.endedBy),
                \(negotiation.roundNumber), \(negotiation.terms.rate?.minorUnits), \(negotiation.terms.hoursPerWeek),
                \(negotiation.terms.startDate), \(negotiation.terms.payoutDelayDays), \(negotiation.contractID),
                \(negotiation.waitsFor.contains(.client)), \(negotiation.waitsFor.contains(.worker)),
                \(negotiation.closedAt), \(negotiation.contacts.client?.contactType),
                \(negotiation.contacts.client?.contactValue), \(negotiation.contacts.worker?.contactType),
                \(negotiation.contacts.worker?.contactValue), \(negotiation.version),
                \(negotiation.createdAt), \(negotiation.updatedAt))
            """)
    }

    /// Reads a negotiation and locks its row. This locks the whole deal, because a contract only changes under this
    /// lock.
    func lock(_ id: NegotiationID, in tx: Transaction) async throws -> Negotiation? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM negotiations
             WHERE id = \(id)
               FOR UPDATE
            """, Negotiation.init(row:))
    }

    func find(_ id: NegotiationID, in executor: some SQLExecutor) async throws -> Negotiation? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM negotiations
             WHERE id = \(id)
            """, Negotiation.init(row:))
    }

    /// The negotiations of an account in either role, newest first.
    ///
    /// - Parameter waitingForThem: Whether only those are meant in which it is the account's turn.
    func page(
        of account: AccountID, in state: NegotiationState?, waitingForThem: Bool = false, after cursor: PageCursor?,
        limit: Int,
        in executor: some SQLExecutor
    ) async throws -> Page<Negotiation> {
        let matching: SQL = state.map { "AND state = \($0)" } ?? .empty
        let further: SQL = cursor.map { "AND (created_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        func rows(as role: SQL, whoseTurn: SQL) -> SQL {
            let waiting: SQL = waitingForThem ? "AND \(fragment: whoseTurn)" : .empty
            return """
                SELECT \(fragment: Self.columns)
                  FROM negotiations
                 WHERE \(fragment: role) = \(account) \(fragment: matching) \(fragment: further) \(fragment: waiting)
                 ORDER BY created_at DESC, id DESC
                 LIMIT \(limit + 1)
                """
        }
        // Nobody is both parties. Each half comes in its order from its own index, up to the end of the page.
        return try await executor.page(
            """
            SELECT *
              FROM ((\(fragment: rows(as: "client_user_id", whoseTurn: "waits_for_client")))
                    UNION ALL (\(fragment: rows(as: "worker_user_id", whoseTurn: "waits_for_worker")))) AS of_either
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit, Negotiation.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    func save(_ negotiation: Negotiation, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            UPDATE negotiations
               SET state = \(negotiation.state), ended_by = \(negotiation.endedBy), round_number = \(negotiation.roundNumber),
                   rate_cents = \(negotiation.terms.rate?.minorUnits),
                   hours_per_week = \(negotiation.terms.hoursPerWeek),
                   start_date = \(negotiation.terms.startDate),
                   payout_delay_days = \(negotiation.terms.payoutDelayDays),
                   contract_id = \(negotiation.contractID),
                   waits_for_client = \(negotiation.waitsFor.contains(.client)),
                   waits_for_worker = \(negotiation.waitsFor.contains(.worker)), closed_at = \(negotiation.closedAt),
                   client_contact_type = \(negotiation.contacts.client?.contactType),
                   client_contact_value = \(negotiation.contacts.client?.contactValue),
                   worker_contact_type = \(negotiation.contacts.worker?.contactType),
                   worker_contact_value = \(negotiation.contacts.worker?.contactValue),
                   version = \(negotiation.version), updated_at = \(negotiation.updatedAt)
             WHERE id = \(negotiation.id)
            """)
    }

    /// The `ids` of negotiations that are over, including those with a contract.
    func ended(among ids: [NegotiationID], in executor: some SQLExecutor) async throws -> [NegotiationID] {
        try await executor.all(
            "SELECT id FROM negotiations WHERE id = ANY(\(ids)) AND closed_at IS NOT NULL"
        ) { try $0.decode("id") }
    }

    /// How many deals of an account are not over, by its role in them.
    func openDeals(of account: AccountID, in executor: some SQLExecutor) async throws -> OpenDeals {
        try await executor.one(
            """
            SELECT count(*) FILTER (WHERE client_user_id = \(account)) AS as_client,
                   count(*) FILTER (WHERE worker_user_id = \(account)) AS as_worker
              FROM negotiations
             WHERE closed_at IS NULL AND (client_user_id = \(account) OR worker_user_id = \(account))
            """
        ) { OpenDeals(asClient: try $0.decode("as_client"), asWorker: try $0.decode("as_worker")) }
    }

    /// The negotiations and contracts of two accounts with each other, in either role.
    func deals(
        between one: AccountID, and other: AccountID, in executor: some SQLExecutor
    ) async throws -> SharedDeals {
        try await executor.one(
            """
            WITH shared AS (
                SELECT status, deleted_at FROM contracts
                 WHERE (client_user_id = \(one) AND worker_user_id = \(other))
                    OR (client_user_id = \(other) AND worker_user_id = \(one)))
            SELECT EXISTS (SELECT FROM shared WHERE deleted_at IS NULL) AS has_contract,
                   EXISTS (SELECT FROM shared WHERE status NOT IN ('cancelled', 'expired', 'Canceled')) OR EXISTS (
                       SELECT FROM negotiations
                        WHERE closed_at IS NULL AND ((client_user_id = \(one) AND worker_user_id = \(other))
                              OR (client_user_id = \(other) AND worker_user_id = \(one)))) AS is_live
            """
        ) { SharedDeals(isLive: try $0.decode("is_live"), hasContract: try $0.decode("has_contract")) }
    }

    /// With whom an account has contracts that were not deleted, the latest first. Each index is read from its end.
    func partners(of account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [AccountID] {
        try await executor.all(
            """
            SELECT other_id FROM (
                (SELECT worker_user_id AS other_id, created_at FROM contracts
                  WHERE client_user_id = \(account) AND deleted_at IS NULL ORDER BY created_at DESC LIMIT \(limit))
                UNION ALL
                (SELECT client_user_id, created_at FROM contracts
                  WHERE worker_user_id = \(account) AND deleted_at IS NULL ORDER BY created_at DESC LIMIT \(limit))
            ) AS deals
             GROUP BY other_id ORDER BY max(created_at) DESC LIMIT \(limit)
            """
        ) { try $0.decode("other_id") }
    }
}

extension Negotiation {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"),
            gigID: try row.decode("gig_id"),
            gigTitle: try row.decode("gig_title"),
            parties: Parties(
                client: try row.decode("client_user_id"), worker: try row.decode("worker_user_id")),
            state: try row.decode("state"),
            endedBy: try row.decode("ended_by"),
            roundNumber: try row.decode("round_number"),
            terms: try Terms(row: row),
            contractID: try row.decode("contract_id"),
            waitsFor: try Set<PartyRole>(waitingIn: row),
            closedAt: try row.decode("closed_at"),
            contacts: Contacts(
                client: try ContactShare(row: row, "client_contact_type", "client_contact_value"),
                worker: try ContactShare(row: row, "worker_contact_type", "worker_contact_value")),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at"))
    }
}

extension Terms {
    /// - Parameter prefix: What the names of the columns begin with.
    init(row: Row, _ prefix: String = "") throws {
        self.init(
            rate: try row.usdIfPresent("\(prefix)rate_cents"), hoursPerWeek: try row.decode("\(prefix)hours_per_week"),
            startDate: try row.decode("\(prefix)start_date"),
            payoutDelayDays: try row.decode("\(prefix)payout_delay_days"))
    }
}

extension Set<PartyRole> {
    /// The sides that a negotiation waits for.
    init(waitingIn row: Row) throws {
        self = []
        if try row.decode("waits_for_client") { insert(.client) }
        if try row.decode("waits_for_worker") { insert(.worker) }
    }
}

extension ContactShare {
    fileprivate init?(row: Row, _ type: String, _ value: String) throws {
        guard let contactType: String = try row.decode(type) else { return nil }
        self.init(contactType: contactType, contactValue: try row.decode(value))
    }
}

extension NegotiationState: PostgresValue {}
extension NegotiationEnd: PostgresValue {}
