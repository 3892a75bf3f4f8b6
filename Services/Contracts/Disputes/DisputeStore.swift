import Foundation
import Postgres
import SharedModels

/// Every statement on the table `disputes`. A dispute is changed under its contract's lock and its own.
struct DisputeStore: Sendable {
    static let columns: SQL =
        """
        id, contract_id, milestone_id, opened_by, reason, status, response_deadline, responded_at,
        recommendation_outcome, recommendation_reasons, recommendation_confidence, recommendation_source,
        recommendation_case, recommended_at, decision_outcome, decision_worker_cents, decision_returned_cents, decision_fee_cents,
        decision_charges_fee, decision_note, decided_by, decided_at, settled_at, version, created_at, updated_at
        """

    func insert(_ dispute: Dispute, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO disputes (
                id, contract_id, milestone_id, opened_by, reason, status, response_deadline, version,
                created_at, updated_at)
            VALUES (
                \(dispute.id), \(dispute.contractID), \(dispute.milestoneID), \(dispute.openedBy),
                \(dispute.reason), \(dispute.status), \(dispute.standing.responseDeadline),
                \(dispute.version), \(dispute.createdAt), \(dispute.updatedAt))
            """)
    }

    func find(_ id: DisputeID, in executor: some SQLExecutor) async throws -> Dispute? {
        try await executor.first(
            """
            SELECT \(fragment: Self.columns)
              FROM disputes
             WHERE id = \(id)
            """, Dispute.init(row:))
    }

    func ids(of contract: ContractID, in executor: some SQLExecutor) async throws -> [DisputeID] {
        try await executor.all("SELECT id FROM disputes WHERE contract_id = \(contract) ORDER BY id") {
            try $0.decode("id")
        }
    }

    /// Reads a dispute and locks its row. Its contract must be locked already.
    func lock(_ id: DisputeID, in tx: Transaction) async throws -> Dispute? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM disputes
             WHERE id = \(id)
               FOR UPDATE
            """, Dispute.init(row:))
    }

    /// The disputes of an account's contracts, or of all; those that are not resolved first, and among them the newest.
    func page(
        of account: AccountID?, in status: DisputeStatus?, after cursor: DisputeCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> Page<Dispute> {
        // An array, so that no plan looks through the disputes of others.
        let own: SQL =
            account.map {
                """
                AND contract_id = ANY(ARRAY(SELECT id FROM contracts WHERE client_user_id = \($0)
                                             UNION ALL SELECT id FROM contracts WHERE worker_user_id = \($0)))
                """
            } ?? .empty
        let matching: SQL = status.map { "AND status = \($0)" } ?? .empty
        func rows(after place: PageCursor, areResolved: Bool) -> SQL {
            // As the indexes say it.
            let which: SQL = areResolved ? "status = 'resolved'" : "status <> 'resolved'"
            return """
                SELECT \(fragment: Self.columns)
                  FROM disputes
                 WHERE \(fragment: which) AND (created_at, id) < (\(place.moment), \(place.id)) \(fragment: own)
                       \(fragment: matching)
                 ORDER BY created_at DESC, id DESC
                 LIMIT \(limit + 1)
                """
        }
        // Each half comes in its order from the index, up to the end of the page.
        let place = cursor?.place ?? .newest
        let unresolved: SQL =
            cursor?.isResolved == true ? .empty : "(\(fragment: rows(after: place, areResolved: false))) UNION ALL"
        let resolved = rows(after: cursor?.isResolved == true ? place : .newest, areResolved: true)
        return try await executor.page(
            """
            SELECT *
              FROM (\(fragment: unresolved) (\(fragment: resolved))) AS in_order
             ORDER BY (status = 'resolved'), created_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit, Dispute.init(row:)
        ) {
            DisputeCursor(isResolved: $0.status == .resolved, place: PageCursor($0.createdAt, $0.id))
        }
    }

    func save(_ dispute: Dispute, in tx: Transaction) async throws {
        let reasons = try dispute.recommendation.map {
            String(decoding: try JSONValue.encode($0.advice.reasons), as: UTF8.self)
        }
        try await tx.executeLater(
            """
            UPDATE disputes
               SET status = \(dispute.status), responded_at = \(dispute.respondedAt),
                   recommendation_outcome = \(dispute.recommendation?.advice.outcome),
                   recommendation_reasons = \(reasons)::json,
                   recommendation_confidence = \(dispute.recommendation?.advice.confidenceBasisPoints),
                   recommendation_source = \(dispute.recommendation?.advice.source),
                   recommendation_case = \(dispute.recommendation?.caseDigest),
                   recommended_at = \(dispute.recommendation?.at),
                   decision_outcome = \(dispute.decision?.outcome),
                   decision_worker_cents = \(dispute.decision?.workersShare.minorUnits),
                   decision_returned_cents = \(dispute.decision?.returned.minorUnits),
                   decision_fee_cents = \(dispute.decision?.fee.minorUnits),
                   decision_charges_fee = \(dispute.decision?.isCharged),
                   decision_note = \(dispute.decision?.note), decided_by = \(dispute.decision?.admin),
                   decided_at = \(dispute.decision?.at), settled_at = \(dispute.settledAt),
                   version = \(dispute.version), updated_at = \(dispute.updatedAt)
             WHERE id = \(dispute.id)
            """)
    }
}

extension Dispute {
    fileprivate init(row: Row) throws {
        self.init(
            standing: DisputeStanding(
                id: try row.decode("id"), status: try row.decode("status"),
                openedBy: try row.decode("opened_by"),
                responseDeadline: try row.decode("response_deadline")),
            contractID: try row.decode("contract_id"),
            milestoneID: try row.decode("milestone_id"),
            reason: try row.decode("reason"),
            respondedAt: try row.decode("responded_at"),
            recommendation: try Recommendation(row: row),
            decision: try Decision(row: row),
            settledAt: try row.decode("settled_at"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at"))
    }
}

extension Recommendation {
    fileprivate init?(row: Row) throws {
        guard let outcome: DisputeOutcome = try row.decode("recommendation_outcome") else { return nil }
        let reasons: JSONB = try row.decode("recommendation_reasons")
        let advice = Advice(
            outcome: outcome, confidenceBasisPoints: try row.decode("recommendation_confidence"),
            reasons: try JSONValue.decode([RecommendationReason].self, from: reasons.bytes),
            source: try row.decode("recommendation_source"))
        self.init(
            advice: advice, caseDigest: try row.decode("recommendation_case"), at: try row.decode("recommended_at"))
    }
}

extension Decision {
    fileprivate init?(row: Row) throws {
        guard let outcome: DisputeOutcome = try row.decode("decision_outcome") else { return nil }
        self.init(
            outcome: outcome, workersShare: try row.usd("decision_worker_cents"),
            returned: try row.usd("decision_returned_cents"),
            fee: try row.usd("decision_fee_cents"), isCharged: try row.decode("decision_charges_fee"),
            note: try row.decode("decision_note"),
            admin: try row.decode("decided_by"), at: try row.decode("decided_at"))
    }
}

extension DisputeStatus: PostgresValue {}
extension DisputeOutcome: PostgresValue {}
extension RecommendationSource: PostgresValue {}
extension PartyRole: PostgresValue {}
