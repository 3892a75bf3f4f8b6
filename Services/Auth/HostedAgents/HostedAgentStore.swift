import Postgres
import SharedModels

/// Every statement on the table `agent_spendings`, and statements on `hosted_agents`, which never return deleted rows.
/// ``KeyStore`` and ``DeletionStore`` have statements on `hosted_agents` too.
struct HostedAgentStore: Sendable {
    static let columns: SQL =
        "id, account_id, name, llm_monthly_limit, version, created_at, updated_at"

    func insert(_ agent: HostedAgent, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO hosted_agents (id, account_id, name, llm_monthly_limit, version, created_at,
                                       updated_at)
            VALUES (\(agent.id), \(agent.accountID), \(agent.name), \(agent.monthlyLimit), \(agent.version),
                    \(agent.createdAt), \(agent.updatedAt))
            """)
    }

    /// The account must be locked.
    func count(of account: AccountID, in tx: Transaction) async throws -> Int {
        try await tx.one(
            """
            SELECT count(*) AS count FROM hosted_agents WHERE account_id = \(account) AND deleted_at IS NULL
            """
        ) { try $0.decode("count") }
    }

    /// An account's agents, each with what it has spent in `month`.
    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int, spentIn month: CalendarMonth,
        in executor: some SQLExecutor
    ) async throws -> Page<(agent: HostedAgent, used: Int)> {
        let before: SQL =
            cursor.map {
                "AND (created_at, id) < (\($0.moment), \($0.id))"
            } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns),
                   (SELECT count(*) FROM agent_spendings s
                     WHERE s.agent_id = hosted_agents.id AND s.month = \(month.firstDay)) AS used
              FROM hosted_agents
             WHERE account_id = \(account) AND deleted_at IS NULL \(fragment: before)
             ORDER BY created_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit
        ) {
            (try HostedAgent(row: $0), try $0.decode("used"))
        } cursor: {
            PageCursor($0.agent.createdAt, $0.agent.id)
        }
    }

    /// Reads an agent of the account and locks its row.
    func lock(_ id: HostedAgentID, of account: AccountID, in tx: Transaction) async throws -> HostedAgent? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM hosted_agents
             WHERE id = \(id) AND account_id = \(account) AND deleted_at IS NULL
               FOR UPDATE
            """,
            HostedAgent.init(row:))
    }

    /// Reads an agent of any account and locks its row.
    func lock(_ id: HostedAgentID, in tx: Transaction) async throws -> HostedAgent? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM hosted_agents
             WHERE id = \(id) AND deleted_at IS NULL
               FOR UPDATE
            """,
            HostedAgent.init(row:))
    }

    func save(_ agent: HostedAgent, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE hosted_agents
               SET name = \(agent.name), llm_monthly_limit = \(agent.monthlyLimit),
                   version = \(agent.version), updated_at = \(agent.updatedAt)
             WHERE id = \(agent.id)
            """)
    }

    func delete(_ id: HostedAgentID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE hosted_agents SET deleted_at = \(now), version = version + 1, updated_at = \(now)
             WHERE id = \(id)
            """)
    }
}

// Spending. The agent must be locked.
extension HostedAgentStore {
    func countSpendings(
        of id: HostedAgentID, in month: CalendarMonth, in executor: some SQLExecutor
    ) async throws -> Int {
        try await executor.one(
            """
            SELECT count(*) AS count FROM agent_spendings WHERE agent_id = \(id) AND month = \(month.firstDay)
            """
        ) { try $0.decode("count") }
    }

    func hasSpent(_ spending: SpendingID, of id: HostedAgentID, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM agent_spendings WHERE id = \(spending) AND agent_id = \(id)
            ) AS is_spent
            """
        ) { try $0.decode("is_spent") }
    }

    /// Records a spending, and deletes those of earlier months.
    func spend(
        _ spending: SpendingID, of id: HostedAgentID, in month: CalendarMonth, at now: Timestamp,
        in tx: Transaction
    ) async throws {
        try await tx.execute(
            "DELETE FROM agent_spendings WHERE agent_id = \(id) AND month < \(month.firstDay)")
        try await tx.execute(
            """
            INSERT INTO agent_spendings (id, agent_id, month, spent_at)
            VALUES (\(spending), \(id), \(month.firstDay), \(now))
            """)
    }

    func giveBack(_ spending: SpendingID, of id: HostedAgentID, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM agent_spendings WHERE id = \(spending) AND agent_id = \(id)")
    }
}

extension HostedAgent {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), accountID: try row.decode("account_id"), name: try row.decode("name"),
            monthlyLimit: try row.decode("llm_monthly_limit"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}
