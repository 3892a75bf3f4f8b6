import Postgres
import SharedModels

/// Every statement on the table `openings`.
struct OpeningStore: Sendable {
    func find(_ id: ActionID, in executor: some SQLExecutor) async throws -> ConversationID? {
        try await executor.first("SELECT conversation_id FROM openings WHERE id = \(id)") {
            try $0.decode("conversation_id")
        }
    }

    func insertIfAbsent(
        _ id: ActionID, of conversation: ConversationID, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO openings (id, conversation_id) VALUES (\(id), \(conversation)) ON CONFLICT (id) DO NOTHING
            """) == 1
    }
}
