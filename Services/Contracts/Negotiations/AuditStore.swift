import Postgres
import SharedModels

/// Every statement on the table `negotiation_audit`: the log of rounds and state changes. Its rows never change.
struct AuditStore: Sendable {
    /// Records what `actor` did to a negotiation.
    ///
    /// - Parameters:
    ///   - old: Its state before; `nil` when it was opened.
    ///   - actor: `nil` for the system, at a deadline.
    func note(
        _ kind: AuditKind, _ negotiation: Negotiation, from old: NegotiationState?, by actor: AccountID?,
        payload: JSONValue = [:], in tx: Transaction
    ) async throws {
        try await tx.executeLater(
            """
            INSERT INTO negotiation_audit (
                negotiation_id, at, actor_user_id, kind, from_state, to_state, payload)
            VALUES (
                \(negotiation.id), \(negotiation.updatedAt), \(actor), \(kind), \(old), \(negotiation.state),
                \(String(decoding: payload.bytes, as: UTF8.self))::json)
            """)
    }

    /// The whole log, oldest first.
    func entries(of id: NegotiationID, in executor: some SQLExecutor) async throws -> [AuditEntry] {
        try await executor.all(
            """
            SELECT at, actor_user_id, kind, from_state, to_state, payload
              FROM negotiation_audit
             WHERE negotiation_id = \(id)
             ORDER BY position
            """, AuditEntry.init(row:))
    }
}

extension AuditEntry {
    fileprivate init(row: Row) throws {
        let payload: JSONB = try row.decode("payload")
        self.init(
            at: try row.decode("at"), actorUserID: try row.decode("actor_user_id"),
            kind: try row.decode("kind"),
            from: try row.decode("from_state"), to: try row.decode("to_state"),
            payload: try JSONValue.parse(payload.bytes))
    }
}

extension AuditKind: PostgresValue {}
