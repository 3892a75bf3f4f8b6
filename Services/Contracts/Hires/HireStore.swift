import Postgres
import SharedModels

/// Every statement on the contracts of the flow `escrow_checkout`.
struct HireStore: Sendable {
    static let columns: SQL =
        """
        id, number, gig_id, gig_title, client_user_id, worker_user_id, amount_paise, status, release_status,
        worker_approved_at, paid_at, started_at, ongoing_at, completed_at, canceled_at, canceled_by, cancel_reason,
        cancel_reason_description, deleted_at, client_reviewed_at, version, created_at, updated_at
        """

    /// - Returns: Whether it was added. It is not when its number is taken, or its job has a hire.
    func insertIfAbsent(_ hire: Hire, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO contracts (
                flow, \(fragment: Self.columns))
            VALUES (
                \(DealFlow.escrowCheckout), \(hire.id), \(hire.number), \(hire.jobID), \(hire.jobTitle),
                \(hire.parties.client), \(hire.parties.worker), \(hire.amount.minorUnits), \(hire.status),
                \(hire.release), \(hire.approvedAt), \(hire.paidAt), \(hire.startedAt), \(hire.ongoingAt),
                \(hire.completedAt), \(hire.canceledAt), \(hire.cancellation.by), \(hire.cancellation.reason),
                \(hire.cancellation.description), \(hire.deletedAt), \(hire.reviewedAt), \(hire.version),
                \(hire.createdAt), \(hire.updatedAt))
            ON CONFLICT DO NOTHING
            """) > 0
    }

    func lock(_ id: ContractID, in tx: Transaction) async throws -> Hire? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM contracts
             WHERE id = \(id) AND flow = 'escrow_checkout'
               FOR UPDATE
            """, Hire.init(row:))
    }

    /// Locks the hire of a job that is not canceled; there is one at most.
    func lock(of job: GigID, in tx: Transaction) async throws -> Hire? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM contracts
             WHERE gig_id = \(job) AND flow = 'escrow_checkout' AND status <> 'Canceled'
               FOR UPDATE
            """, Hire.init(row:))
    }

    func find(_ id: ContractID, in executor: some SQLExecutor) async throws -> Hire? {
        try await find([id], in: executor).first
    }

    /// Those of the hires that are there.
    func find(_ ids: [ContractID], in executor: some SQLExecutor) async throws -> [Hire] {
        guard !ids.isEmpty else { return [] }
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns)
              FROM contracts
             WHERE id = ANY(\(ids)) AND flow = 'escrow_checkout'
            """, Hire.init(row:))
    }

    /// The hire of a job that is not canceled.
    func find(of job: GigID, in executor: some SQLExecutor) async throws -> Hire? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM contracts
             WHERE gig_id = \(job) AND flow = 'escrow_checkout' AND status <> 'Canceled'
            """, Hire.init(row:))
    }

    func save(_ hire: Hire, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE contracts
               SET status = \(hire.status), release_status = \(hire.release),
                   worker_approved_at = \(hire.approvedAt), paid_at = \(hire.paidAt),
                   started_at = \(hire.startedAt), ongoing_at = \(hire.ongoingAt),
                   completed_at = \(hire.completedAt), canceled_at = \(hire.canceledAt),
                   canceled_by = \(hire.cancellation.by), cancel_reason = \(hire.cancellation.reason),
                   cancel_reason_description = \(hire.cancellation.description), deleted_at = \(hire.deletedAt),
                   client_reviewed_at = \(hire.reviewedAt), version = \(hire.version), updated_at = \(hire.updatedAt)
             WHERE id = \(hire.id)
            """)
    }
}

// Lists.
extension HireStore {
    /// Newest first.
    func page(
        of selection: HireSelection, from place: PagePlace, in executor: some SQLExecutor
    ) async throws -> Page<Hire> {
        try await executor.page(
            """
            SELECT \(fragment: Self.columns)
              FROM contracts
             WHERE \(fragment: selection.condition) \(fragment: place.after("created_at"))
             ORDER BY created_at DESC, id DESC
             LIMIT \(place.limit + 1) OFFSET \(place.offset)
            """, limit: place.limit, Hire.init(row:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    /// As far as a list is counted.
    static let longestCount = 10_000

    /// Counted in the order of an index, so that no more is read than is counted.
    func count(of selection: HireSelection, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            """
            SELECT count(*) AS number
              FROM (SELECT FROM contracts WHERE \(fragment: selection.condition)
                     ORDER BY created_at DESC, id DESC LIMIT \(Self.longestCount)) AS counted
            """
        ) { try $0.decode("number") }
    }

    /// How many hires of an account are not over, by its role in them.
    func openDeals(of account: AccountID, in executor: some SQLExecutor) async throws -> OpenDeals {
        try await executor.one(
            """
            SELECT count(*) FILTER (WHERE client_user_id = \(account)) AS as_client,
                   count(*) FILTER (WHERE worker_user_id = \(account)) AS as_worker
              FROM contracts
             WHERE flow = 'escrow_checkout' AND status IN ('Pending', 'Started', 'Ongoing')
               AND (client_user_id = \(account) OR worker_user_id = \(account))
            """
        ) { OpenDeals(asClient: try $0.decode("as_client"), asWorker: try $0.decode("as_worker")) }
    }

    /// The hires of an account that are not over, in the order in which they must be locked.
    func open(of account: AccountID, in executor: some SQLExecutor) async throws -> [ContractID] {
        try await executor.all(
            """
            SELECT id FROM contracts
             WHERE flow = 'escrow_checkout' AND status IN ('Pending', 'Started', 'Ongoing')
               AND (client_user_id = \(account) OR worker_user_id = \(account))
             ORDER BY id
            """
        ) { try $0.decode("id") }
    }

    /// The hires of an account whose money is in escrow; at most ``DeletionBlockers/limit``.
    func withMoney(of account: AccountID, in tx: Transaction) async throws -> [ContractID] {
        try await tx.all(
            """
            SELECT id FROM contracts
             WHERE flow = 'escrow_checkout' AND paid_at IS NOT NULL AND release_status <> 'Approved'
               AND (client_user_id = \(account) OR worker_user_id = \(account))
             ORDER BY id
             LIMIT \(DeletionBlockers.limit)
            """
        ) { try $0.decode("id") }
    }
}

/// Which hires a list shows.
enum HireSelection: Sendable {
    /// Those that were not deleted.
    case ofClient(AccountID)
    case ofFreelancer(AccountID)
    case completed(AccountID)
    case all

    fileprivate var condition: SQL {
        switch self {
        case .ofClient(let id): "flow = 'escrow_checkout' AND deleted_at IS NULL AND client_user_id = \(id)"
        case .ofFreelancer(let id): "flow = 'escrow_checkout' AND deleted_at IS NULL AND worker_user_id = \(id)"
        case .completed(let id): "flow = 'escrow_checkout' AND status = 'Completed' AND worker_user_id = \(id)"
        case .all: "flow = 'escrow_checkout'"
        }
    }
}

extension Hire {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"),
            number: try row.decode("number"),
            jobID: try row.decode("gig_id"),
            jobTitle: try row.decode("gig_title"),
            parties: Parties(
                client: try row.decode("client_user_id"), worker: try row.decode("worker_user_id")),
            amount: Money.inr(paise: try row.decode("amount_paise")),
            status: try row.decode("status"),
            release: try row.decode("release_status"),
            approvedAt: try row.decode("worker_approved_at"),
            paidAt: try row.decode("paid_at"),
            startedAt: try row.decode("started_at"),
            ongoingAt: try row.decode("ongoing_at"),
            completedAt: try row.decode("completed_at"),
            canceledAt: try row.decode("canceled_at"),
            cancellation: HireCancellation(
                by: try row.decode("canceled_by"), reason: try row.decode("cancel_reason"),
                description: try row.decode("cancel_reason_description")),
            deletedAt: try row.decode("deleted_at"),
            reviewedAt: try row.decode("client_reviewed_at"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at"))
    }
}

extension CheckoutContractStatus: PostgresValue {}
extension ReleaseFundStatus: PostgresValue {}
extension CheckoutCanceller: PostgresValue {}
