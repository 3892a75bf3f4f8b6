import Postgres
import SharedModels

/// Every statement on the contracts of the flow `milestone_capture`, which are those with a negotiation. A contract is
/// read and written together with its milestones.
struct ContractStore: Sendable {
    private let milestones = MilestoneStore()

    static let columns: SQL =
        """
        c.id, c.negotiation_id, n.state AS negotiation_state,
        n.round_number AS negotiation_round, n.rate_cents AS proposed_rate_cents, n.hours_per_week AS proposed_hours_per_week,
        n.start_date AS proposed_start_date, n.payout_delay_days AS proposed_payout_delay_days,
        n.waits_for_client, n.waits_for_worker, c.gig_id, c.gig_title, c.client_user_id,
        c.worker_user_id, c.status, c.rate_cents, c.hours_per_week, c.start_date, c.payout_delay_days,
        c.client_approved_at, c.worker_approved_at, c.activation_deadline, c.revision_notes,
        c.client_ended_at, c.worker_ended_at, c.end_note, c.client_reviewed_at, c.worker_reviewed_at, c.version, c.created_at, c.updated_at,
        EXISTS (SELECT FROM payees p WHERE p.account_id = c.worker_user_id AND p.onboarded_at IS NOT NULL)
            AS worker_is_onboarded
        """

    func insert(_ contract: Contract, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO contracts (
                id, flow, negotiation_id, gig_id, gig_title, client_user_id, worker_user_id, status, rate_cents,
                hours_per_week, start_date, payout_delay_days, version, created_at, updated_at)
            VALUES (
                \(contract.id), \(DealFlow.milestoneCapture), \(contract.negotiationID), \(contract.gigID), \(contract.gigTitle),
                \(contract.parties.client), \(contract.parties.worker), \(contract.status),
                \(contract.terms.rate?.minorUnits), \(contract.terms.hoursPerWeek), \(contract.terms.startDate),
                \(contract.payoutDelayDays), \(contract.version), \(contract.createdAt), \(contract.updatedAt))
            """)
        for milestone in contract.milestones {
            try await milestones.insert(milestone, of: contract.id, in: tx)
        }
    }

    /// Reads a contract and locks it with its negotiation, always the negotiation first, because the two change
    /// together.
    func lock(_ id: ContractID, in tx: Transaction) async throws -> Contract? {
        let row = try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM negotiations n JOIN contracts c ON c.negotiation_id = n.id
             WHERE c.id = \(id)
               FOR UPDATE OF n, c
            """, ContractRow.init(row:))
        return try await row?.contract(with: milestones.find(of: [id], in: tx)[id])
    }

    func find(_ id: ContractID, in executor: some SQLExecutor) async throws -> Contract? {
        let row = try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM negotiations n JOIN contracts c ON c.negotiation_id = n.id
             WHERE c.id = \(id)
            """, ContractRow.init(row:))
        return try await row?.contract(with: milestones.find(of: [id], in: executor)[id])
    }

    /// Those of the contracts that are there.
    func find(_ ids: [ContractID], in executor: some SQLExecutor) async throws -> [Contract] {
        guard !ids.isEmpty else { return [] }
        let rows = try await executor.all(
            """
            SELECT \(fragment: Self.columns)
              FROM negotiations n JOIN contracts c ON c.negotiation_id = n.id
             WHERE c.id = ANY(\(ids))
            """, ContractRow.init(row:))
        let byContract = try await milestones.find(of: rows.map(\.contract.id), in: executor)
        return rows.map { $0.contract(with: byContract[$0.contract.id]) }
    }

    /// The contracts of an account in either role, newest first.
    ///
    /// - Parameter waiting: When only those are meant that wait for the account at this moment.
    func page(
        of account: AccountID, in status: ContractStatus?, waitingAt waiting: Timestamp? = nil,
        after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Contract> {
        let matching: SQL = status.map { "AND status = \($0)" } ?? .empty
        let further: SQL = cursor.map { "AND (created_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        func rows(as role: SQL, _ side: PartyRole) -> SQL {
            let waiting: SQL = waiting.map { "AND \(fragment: ContractWaiting.condition(for: side, at: $0))" } ?? .empty
            return """
                SELECT id, created_at
                  FROM contracts AS c
                 WHERE \(fragment: role) = \(account) AND flow = 'milestone_capture' \(fragment: matching) \(fragment: further)
                       \(fragment: waiting)
                 ORDER BY created_at DESC, id DESC
                 LIMIT \(limit + 1)
                """
        }
        // Nobody is both parties. Each half comes in its order from its own index, up to the end of the page.
        let page = try await executor.page(
            """
            SELECT \(fragment: Self.columns)
              FROM (SELECT id
                      FROM ((\(fragment: rows(as: "client_user_id", .client)))
                            UNION ALL (\(fragment: rows(as: "worker_user_id", .worker)))) AS of_either
                     ORDER BY created_at DESC, id DESC
                     LIMIT \(limit + 1)) AS page
              JOIN contracts c ON c.id = page.id
              JOIN negotiations n ON n.id = c.negotiation_id
             ORDER BY c.created_at DESC, c.id DESC
            """, limit: limit, ContractRow.init(row:)
        ) { PageCursor($0.contract.createdAt, $0.contract.id) }
        let byContract = try await milestones.find(of: page.items.map(\.contract.id), in: executor)
        return page.map { $0.contract(with: byContract[$0.contract.id]) }
    }

    /// The contracts that wait for a worker's onboarding, in the order in which they must be locked.
    func waiting(for worker: AccountID, in tx: Transaction) async throws -> [ContractID] {
        try await tx.all(
            """
            SELECT id FROM contracts
             WHERE worker_user_id = \(worker) AND status IN ('pending_freelancer_kyc', 'pending_both')
             ORDER BY id
            """
        ) { try $0.decode("id") }
    }

    /// The contract of a milestone, which never changes.
    func contract(of milestone: MilestoneID, in executor: some SQLExecutor) async throws -> ContractID? {
        try await milestones.contract(of: milestone, in: executor)
    }

    func insert(_ milestone: Milestone, of contract: ContractID, in tx: Transaction) async throws {
        try await milestones.insert(milestone, of: contract, in: tx)
    }

    func delete(_ milestone: MilestoneID, in tx: Transaction) async throws {
        try await milestones.delete(milestone, in: tx)
    }

    /// Of the milestones it writes those that have changed.
    func save(_ contract: inout Contract, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            UPDATE contracts
               SET status = \(contract.status), rate_cents = \(contract.terms.rate?.minorUnits),
                   hours_per_week = \(contract.terms.hoursPerWeek), start_date = \(contract.terms.startDate),
                   payout_delay_days = \(contract.payoutDelayDays),
                   client_approved_at = \(contract.clientApprovedAt),
                   worker_approved_at = \(contract.workerApprovedAt),
                   activation_deadline = \(contract.activationDeadline),
                   revision_notes = \(contract.revisionNotes),
                   client_ended_at = \(contract.clientEndedAt), worker_ended_at = \(contract.workerEndedAt),
                   end_note = \(contract.endNote),
                   client_reviewed_at = \(contract.clientReviewedAt),
                   worker_reviewed_at = \(contract.workerReviewedAt),
                   version = \(contract.version), updated_at = \(contract.updatedAt)
             WHERE id = \(contract.id)
            """)
        for milestone in contract.milestones where !contract.storedMilestones.contains(milestone) {
            try await milestones.save(milestone, in: tx)
        }
        contract.storedMilestones = contract.milestones
    }
}

/// A contract without its milestones.
private struct ContractRow {
    let contract: Contract

    init(row: Row) throws {
        contract = Contract(
            id: try row.decode("id"),
            negotiation: NegotiationStanding(
                id: try row.decode("negotiation_id"), state: try row.decode("negotiation_state"),
                roundNumber: try row.decode("negotiation_round"), terms: try Terms(row: row, "proposed_"),
                contractID: try row.decode("id"), waitsFor: try Set<PartyRole>(waitingIn: row)),
            gigID: try row.decode("gig_id"),
            gigTitle: try row.decode("gig_title"),
            parties: Parties(
                client: try row.decode("client_user_id"), worker: try row.decode("worker_user_id")),
            status: try row.decode("status"),
            terms: try Terms(row: row),
            clientApprovedAt: try row.decode("client_approved_at"),
            workerApprovedAt: try row.decode("worker_approved_at"),
            activationDeadline: try row.decode("activation_deadline"),
            revisionNotes: try row.decode("revision_notes"),
            clientEndedAt: try row.decode("client_ended_at"),
            workerEndedAt: try row.decode("worker_ended_at"),
            endNote: try row.decode("end_note"),
            clientReviewedAt: try row.decode("client_reviewed_at"),
            workerReviewedAt: try row.decode("worker_reviewed_at"),
            workerIsOnboarded: try row.decode("worker_is_onboarded"),
            milestones: [],
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at"))
    }

    func contract(with milestones: [Milestone]?) -> Contract {
        var contract = contract
        contract.milestones = milestones ?? []
        contract.storedMilestones = contract.milestones
        return contract
    }
}

extension ContractStatus: PostgresValue {}
extension DealFlow: PostgresValue {}
