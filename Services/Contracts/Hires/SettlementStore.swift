import Postgres
import SharedModels

/// Every statement on the table `settlements`.
struct SettlementStore: Sendable {
    /// Keeps every other decision about the payment waiting until the transaction ends. It has no row yet.
    func lock(_ id: CheckoutID, in tx: Transaction) async throws {
        try await tx.executeLater("SELECT pg_advisory_xact_lock(hashtextextended(\("settlement:\(id)"), 0))")
    }

    func find(
        _ id: CheckoutID, in tx: Transaction
    ) async throws -> (contractID: ContractID?, isAccepted: Bool)? {
        try await tx.first("SELECT contract_id, is_accepted FROM settlements WHERE id = \(id)") {
            (contractID: try $0.decode("contract_id"), isAccepted: try $0.decode("is_accepted"))
        }
    }

    func insert(
        _ id: CheckoutID, contract: ContractID?, isAccepted: Bool, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.executeLater(
            """
            INSERT INTO settlements (id, contract_id, is_accepted, settled_at)
            VALUES (\(id), \(contract), \(isAccepted), \(now))
            """)
    }
}
