import Postgres
import SharedModels

/// Every statement on the table `milestones`. The contract's lock protects its milestones too. A milestone is read
/// together with its unresolved dispute.
struct MilestoneStore: Sendable {
    func insert(_ milestone: Milestone, of contract: ContractID, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO milestones (id, contract_id, position, title, amount_cents, status)
            VALUES (\(milestone.id), \(contract), \(milestone.position), \(milestone.title),
                    \(milestone.amount.minorUnits), \(milestone.status))
            """)
    }

    /// The milestones of several contracts, each in the order of their positions.
    func find(of contracts: [ContractID], in executor: some SQLExecutor) async throws -> [ContractID:
        [Milestone]]
    {
        let rows = try await executor.all(
            """
            SELECT m.id, m.contract_id, m.position, m.title, m.amount_cents, m.status, m.moving, m.delivery_note,
                   m.delivery_url, m.funded_at, m.delivered_at, m.released_at, m.released_by,
                   m.payout_at, m.quoted_fee_cents, m.platform_fee_cents,
                   m.transfer_cents, m.returned_cents, d.id AS dispute_id, d.status AS dispute_status,
                   d.opened_by, d.response_deadline
              FROM milestones m
              LEFT JOIN disputes d ON d.milestone_id = m.id AND d.status <> 'resolved'
             WHERE m.contract_id = ANY(\(contracts))
             ORDER BY m.contract_id, m.position
            """
        ) { (contract: try $0.decode("contract_id", as: ContractID.self), milestone: try Milestone(row: $0)) }
        return Dictionary(grouping: rows, by: \.contract).mapValues { $0.map(\.milestone) }
    }

    func delete(_ milestone: MilestoneID, in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM milestones WHERE id = \(milestone)")
    }

    func contract(of milestone: MilestoneID, in executor: some SQLExecutor) async throws -> ContractID? {
        try await executor.first("SELECT contract_id FROM milestones WHERE id = \(milestone)") {
            try $0.decode("contract_id")
        }
    }

    func save(_ milestone: Milestone, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            UPDATE milestones
               SET title = \(milestone.title), amount_cents = \(milestone.amount.minorUnits),
                   status = \(milestone.status),
                   moving = \(milestone.moving), delivery_note = \(milestone.deliveryNote),
                   delivery_url = \(milestone.deliveryURL), funded_at = \(milestone.fundedAt),
                   delivered_at = \(milestone.deliveredAt), released_at = \(milestone.releasedAt),
                   released_by = \(milestone.releasedBy),
                   quoted_fee_cents = \(milestone.quotedFee?.minorUnits),
                   payout_at = \(milestone.payout?.leavesAt),
                   platform_fee_cents = \(milestone.payout?.fee.minorUnits),
                   transfer_cents = \(milestone.payout?.transfer.minorUnits),
                   returned_cents = \(milestone.payout?.returned.minorUnits ?? 0)
             WHERE id = \(milestone.id)
            """)
    }
}

extension Milestone {
    fileprivate init(row: Row) throws {
        var payout: Payout?
        if let fee = try row.usdIfPresent("platform_fee_cents") {
            payout = Payout(
                fee: fee, transfer: try row.usd("transfer_cents"),
                returned: try row.usd("returned_cents"), leavesAt: try row.decode("payout_at"))
        }
        self.init(
            id: try row.decode("id"),
            position: try row.decode("position"),
            title: try row.decode("title"),
            amount: try row.usd("amount_cents"),
            status: try row.decode("status"),
            moving: try row.decode("moving"),
            deliveryNote: try row.decode("delivery_note"),
            deliveryURL: try row.decode("delivery_url"),
            fundedAt: try row.decode("funded_at"),
            deliveredAt: try row.decode("delivered_at"),
            releasedAt: try row.decode("released_at"),
            releasedBy: try row.decode("released_by"),
            quotedFee: try row.usdIfPresent("quoted_fee_cents"),
            payout: payout,
            dispute: try DisputeStanding(row: row))
    }
}

extension DisputeStanding {
    fileprivate init?(row: Row) throws {
        guard let id: DisputeID = try row.decode("dispute_id") else { return nil }
        self.init(
            id: id, status: try row.decode("dispute_status"), openedBy: try row.decode("opened_by"),
            responseDeadline: try row.decode("response_deadline"))
    }
}

extension MilestoneStatus: PostgresValue {}
extension MoneyMove: PostgresValue {}
extension ReleaseCause: PostgresValue {}
