import Postgres
import SharedModels

/// Every statement on the table `reviews`, which both flows share. A review is written under its contract's lock, which also
/// keeps the constraint `reviews_one_per_party` from refusing one, and is changed under its own.
struct ReviewStore: Sendable {
    static let columns: SQL =
        """
        id, contract_id, gig_title, reviewer_role, reviewer_user_id, reviewed_user_id, rating, review_text,
        status, published_at, hidden_at, hidden_by, version, created_at, updated_at
        """

    func insert(_ review: Review, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO reviews (
                \(fragment: Self.columns))
            VALUES (
                \(review.id), \(review.contractID), \(review.gigTitle), \(review.reviewerRole),
                \(review.reviewer), \(review.reviewed), \(review.rating), \(review.text), \(review.status),
                \(review.publishedAt), \(review.hiddenAt), \(review.hiddenBy), \(review.version),
                \(review.createdAt), \(review.updatedAt))
            """)
    }

    func lock(_ id: ReviewID, in tx: Transaction) async throws -> Review? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM reviews
             WHERE id = \(id)
               FOR UPDATE
            """, Review.init(row:))
    }

    /// Locks the review by one party; `nil` when that party has not written.
    func lock(by role: PartyRole, of contract: ContractID, in tx: Transaction) async throws -> Review? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM reviews
             WHERE contract_id = \(contract) AND reviewer_role = \(role)
               FOR UPDATE
            """, Review.init(row:))
    }

    func save(_ review: Review, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE reviews
               SET status = \(review.status), published_at = \(review.publishedAt),
                   hidden_at = \(review.hiddenAt), hidden_by = \(review.hiddenBy),
                   version = \(review.version), updated_at = \(review.updatedAt)
             WHERE id = \(review.id)
            """)
    }

    /// The published reviews of an account, the latest first.
    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Review> {
        let further: SQL = cursor.map { "AND (published_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns)
              FROM reviews
             WHERE reviewed_user_id = \(account) AND status = 'published' \(fragment: further)
             ORDER BY published_at DESC, id DESC
             LIMIT \(limit + 1)
            """, limit: limit, Review.init(row:)
        ) { PageCursor($0.publishedAt ?? $0.createdAt, $0.id) }
    }

    /// What clients said of a freelancer in public, the latest first, with the job of each contract and, on the flow
    /// `escrow_checkout`, its number and price.
    func page(
        byClientsOf freelancer: AccountID, from place: PagePlace, in executor: some SQLExecutor
    ) async throws -> Page<ReviewOfWork> {
        let columns: SQL =
            """
            r.id, r.contract_id, r.gig_title, r.reviewer_role, r.reviewer_user_id, r.reviewed_user_id, r.rating,
            r.review_text, r.status, r.published_at, r.hidden_at, r.hidden_by, r.version, r.created_at, r.updated_at
            """
        return try await executor.page(
            """
            SELECT *
              FROM (SELECT \(fragment: columns), c.gig_id, c.number, c.amount_paise
                      FROM reviews r JOIN contracts c ON c.id = r.contract_id
                     WHERE r.reviewed_user_id = \(freelancer) AND r.reviewer_role = 'client' AND r.status = 'published'
                   ) AS shown
             WHERE true \(fragment: place.after("published_at"))
             ORDER BY published_at DESC, id DESC
             LIMIT \(place.limit + 1) OFFSET \(place.offset)
            """, limit: place.limit,
            { row in
                ReviewOfWork(
                    review: try Review(row: row), jobID: try row.decode("gig_id"), number: try row.decode("number"),
                    amount: try row.decodeIfPresent("amount_paise", as: Int64.self).map(Money.inr(paise:)))
            }
        ) { PageCursor($0.review.publishedAt ?? $0.review.createdAt, $0.review.id) }
    }

    func count(byClientsOf freelancer: AccountID, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            """
            SELECT count(*) AS number FROM reviews
             WHERE reviewed_user_id = \(freelancer) AND reviewer_role = 'client' AND status = 'published'
            """
        ) { try $0.decode("number") }
    }
}

/// A client's review of a freelancer, with what it is about.
struct ReviewOfWork: Sendable {
    let review: Review
    let jobID: GigID
    /// Of a contract of the flow `escrow_checkout`, as is the amount.
    let number: String?
    let amount: Money?
}

extension Review {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"),
            contractID: try row.decode("contract_id"),
            gigTitle: try row.decode("gig_title"),
            reviewerRole: try row.decode("reviewer_role"),
            reviewer: try row.decode("reviewer_user_id"),
            reviewed: try row.decode("reviewed_user_id"),
            rating: try row.decode("rating"),
            text: try row.decode("review_text"),
            status: try row.decode("status"),
            publishedAt: try row.decode("published_at"),
            hiddenAt: try row.decode("hidden_at"),
            hiddenBy: try row.decode("hidden_by"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"),
            updatedAt: try row.decode("updated_at"))
    }
}

extension ReviewStatus: PostgresValue {}
