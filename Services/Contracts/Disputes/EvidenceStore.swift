import Postgres
import SharedModels

/// Every statement on the table `dispute_evidence`, whose rows never change.
struct EvidenceStore: Sendable {
    /// Stores one side's evidence, all at once.
    func insert(_ evidence: [Evidence], for dispute: DisputeID, in tx: Transaction) async throws {
        for (index, item) in evidence.enumerated() {
            try await tx.executeLater(
                """
                INSERT INTO dispute_evidence (
                    id, dispute_id, position, submitted_by, type, url, description, created_at)
                VALUES (
                    \(item.id), \(dispute), \(index + 1), \(item.by), \(item.type), \(item.url),
                    \(item.description), \(item.createdAt))
                """)
        }
    }

    /// Both sides' evidence, each in the order of submission.
    func find(of dispute: DisputeID, in executor: some SQLExecutor) async throws -> [Evidence] {
        try await executor.all(
            """
            SELECT id, submitted_by, type, url, description, created_at
              FROM dispute_evidence
             WHERE dispute_id = \(dispute)
             ORDER BY submitted_by, position
            """
        ) { row in
            Evidence(
                id: try row.decode("id"), by: try row.decode("submitted_by"), type: try row.decode("type"),
                url: try row.decode("url"), description: try row.decode("description"),
                createdAt: try row.decode("created_at"))
        }
    }
}

extension EvidenceType: PostgresValue {}
