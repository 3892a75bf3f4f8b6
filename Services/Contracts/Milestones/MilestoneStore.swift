import Postgres
import SharedModels

/// Every statement on the table `milestones`. Their contract's lock is theirs too.
struct MilestoneStore: Sendable {
    func insert(_ milestone: Milestone, of contract: ContractID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO milestones (id, contract_id, position, title, amount_cents, status)
            VALUES (\(milestone.id), \(contract), \(milestone.position), \(milestone.title),
                    \(milestone.amountCents), \(milestone.status))
            """)
    }

    /// The milestones of several contracts, each in the order of their positions.
    func of(_ contracts: [ContractID], in executor: some SQLExecutor) async throws -> [ContractID:
        [Milestone]]
    {
        let rows = try await executor.all(
            """
            SELECT id, contract_id, position, title, amount_cents, status, moving, delivery_note,
                   delivery_url, funded_at, delivered_at, released_at, payout_at, platform_fee_cents, transfer_cents
              FROM milestones
             WHERE contract_id = ANY(\(contracts))
             ORDER BY contract_id, position
            """
        ) { (contract: try $0.decode("contract_id", as: ContractID.self), milestone: try Milestone(row: $0)) }
        return Dictionary(grouping: rows, by: \.contract).mapValues { $0.map(\.milestone) }
    }

    func contract(of milestone: MilestoneID, in executor: some SQLExecutor) async throws -> ContractID? {
        try await executor.first("SELECT contract_id FROM milestones WHERE id = \(milestone)") {
            try $0.decode("contract_id")
        }
    }

    func update(_ milestone: Milestone, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE milestones
               SET title = \(milestone.title), amount_cents = \(milestone.amountCents),
                   status = \(milestone.status),
                   moving = \(milestone.moving), delivery_note = \(milestone.deliveryNote),
                   delivery_url = \(milestone.deliveryURL), funded_at = \(milestone.fundedAt),
                   delivered_at = \(milestone.deliveredAt), released_at = \(milestone.releasedAt),
                   payout_at = \(milestone.payout?.leavesAt),
                   platform_fee_cents = \(milestone.payout?.platformFeeCents),
                   transfer_cents = \(milestone.payout?.transferCents)
             WHERE id = \(milestone.id)
            """)
    }
}

extension Milestone {
    fileprivate init(row: Row) throws {
        var payout: Payout?
        if let fee: Int64 = try row.decode("platform_fee_cents") {
            payout = Payout(
                platformFeeCents: fee, transferCents: try row.decode("transfer_cents"),
                leavesAt: try row.decode("payout_at"))
        }
        self.init(
            id: try row.decode("id"),
            position: try row.decode("position"),
            title: try row.decode("title"),
            amountCents: try row.decode("amount_cents"),
            status: try row.decode("status"),
            moving: try row.decode("moving"),
            deliveryNote: try row.decode("delivery_note"),
            deliveryURL: try row.decode("delivery_url"),
            fundedAt: try row.decode("funded_at"),
            deliveredAt: try row.decode("delivered_at"),
            releasedAt: try row.decode("released_at"),
            payout: payout)
    }
}

extension MilestoneStatus: PostgresValue {}
extension MoneyMove: PostgresValue {}
