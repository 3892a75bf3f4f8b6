import Postgres
import SharedModels

/// Every statement on the tables `match_news`, `match_gigs`, `match_features` and `near_skills`.
struct FeatureStore: Sendable {
    /// Of the table `match_features`.
    static let columns: SQL = "user_id, side, features, position"
    /// The most gigs of one company that count: its latest.
    private static let mostGigs = 20

    /// Makes others wait who work out features, until the transaction ends: positions then grow in the order of commits.
    ///
    /// - Returns: `false` when somebody does just now.
    func claim(in tx: Transaction) async throws -> Bool {
        try await tx.one("SELECT pg_try_advisory_xact_lock(hashtextextended('match features', 0)) AS is_mine") {
            try $0.decode("is_mine")
        }
    }

    /// The oldest news, at most `limit`.
    func news(_ limit: Int, in tx: Transaction) async throws -> [FeatureNews] {
        try await tx.all("SELECT position, user_id, is_old FROM match_news ORDER BY position LIMIT \(limit)") { row in
            FeatureNews(
                position: try row.decode("position"), user: try row.decode("user_id"), isOld: try row.decode("is_old"))
        }
    }

    func forget(_ news: [Int64], in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM match_news WHERE position = ANY(\(news))")
    }

    /// Notes that an account's features must be worked out again.
    func note(_ user: AccountID, in executor: some SQLExecutor) async throws {
        try await executor.executeLater("INSERT INTO match_news (user_id) VALUES (\(user))")
    }

    /// The position of the newest news.
    func newest(in tx: Transaction) async throws -> Int64 {
        try await tx.one("SELECT coalesce(max(position), 0) AS newest FROM match_news") { try $0.decode("newest") }
    }

    /// Has the matches of accounts wait until they change again or somebody reads them, in spite of the news after a
    /// position.
    func quieten(_ users: [AccountID], after position: Int64, in tx: Transaction) async throws {
        try await tx.executeLater(
            "UPDATE match_news SET is_old = true WHERE position > \(position) AND user_id = ANY(\(users))")
    }

    /// Takes over what jobs told of a gig, unless something later is known.
    func put(_ gig: KnownGig, in tx: Transaction) async throws {
        let offer = JSONB(bytes: try JSONValue.encode(gig.offer))
        try await tx.executeLater(
            """
            INSERT INTO match_gigs (gig_id, owner_id, sequence, is_open, offer)
            VALUES (\(gig.id), \(gig.owner), \(gig.sequence), \(gig.isOpen), \(offer))
            ON CONFLICT (gig_id) DO UPDATE
               SET sequence = excluded.sequence, is_open = excluded.is_open, offer = excluded.offer
             WHERE match_gigs.sequence < excluded.sequence
            """)
    }

    /// The latest open gigs of these accounts, the newest first.
    func offers(of owners: [AccountID], in executor: some SQLExecutor) async throws -> [AccountID: [OfferFeatures]] {
        let rows: [(AccountID, OfferFeatures)] = try await executor.all(
            """
            SELECT gig.owner_id, gig.offer, vector, model
              FROM unnest(\(owners)) AS wanted(id)
              JOIN LATERAL (SELECT owner_id, gig_id, offer FROM match_gigs
                             WHERE owner_id = wanted.id AND is_open
                             ORDER BY gig_id DESC LIMIT \(Self.mostGigs)) gig ON true
              LEFT JOIN match_texts ON subject = gig.gig_id
             ORDER BY gig.gig_id DESC
            """
        ) { row in
            let offer: JSONB = try row.decode("offer")
            var features = try JSONValue.decode(OfferFeatures.self, from: offer.bytes)
            features.text = try TextVector(row: row)
            return (try row.decode("owner_id"), features)
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }

    /// Stores what changed.
    ///
    /// - Returns: Whose features are others now.
    func put(_ features: [(AccountID, MatchFeatures?)], in tx: Transaction) async throws -> [AccountID] {
        var changed: [AccountID] = []
        for (user, features) in features {
            let rows = try await tx.execute(
                """
                INSERT INTO match_features (user_id, side, features, position)
                SELECT \(user), \(features?.side), \(try features?.json), nextval('match_positions')
                 WHERE NOT EXISTS (
                     SELECT FROM match_features
                      WHERE user_id = \(user) AND side IS NOT DISTINCT FROM \(features?.side)
                        AND features IS NOT DISTINCT FROM \(try features?.json))
                ON CONFLICT (user_id) DO UPDATE
                   SET side = excluded.side, features = excluded.features, position = excluded.position
                """)
            if rows > 0 { changed.append(user) }
        }
        return changed
    }

    func find(_ users: [AccountID], in executor: some SQLExecutor) async throws -> [AccountID: MatchFeatures] {
        let rows: [(AccountID, MatchFeatures?)] = try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM match_features
             WHERE user_id = ANY(\(users)) AND side IS NOT NULL
            """
        ) { (try $0.decode("user_id"), try StoredFeatures(row: $0).features) }
        return Dictionary(rows.compactMap { user, features in features.map { (user, $0) } }, uniquingKeysWith: { $1 })
    }

    /// What changed after a position, in order.
    func changes(after position: Int64, limit: Int, in executor: some SQLExecutor) async throws -> [StoredFeatures] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM match_features
             WHERE position > \(position) ORDER BY position LIMIT \(limit)
            """, StoredFeatures.init(row:))
    }

    func nearSkills(in executor: some SQLExecutor) async throws -> NearSkills {
        NearSkills(
            try await executor.all("SELECT skill, near, closeness FROM near_skills") { row in
                (try row.decode("skill"), try row.decode("near"), try row.decode("closeness"))
            })
    }
}

/// An account's profile or gigs changed.
struct FeatureNews: Sendable {
    let position: Int64
    let user: AccountID
    /// It was there before matching was.
    let isOld: Bool
}

/// What jobs tells of a gig.
struct KnownGig: Sendable {
    let id: GigID
    let owner: AccountID
    let sequence: Int64
    let isOpen: Bool
    let offer: OfferFeatures
}

/// A row of features, not parsed yet.
struct StoredFeatures: Sendable {
    let user: AccountID
    let position: Int64
    private let side: UserType?
    private let json: JSONB?

    /// - Throws: `JSONMismatch` when the row cannot be read.
    var features: MatchFeatures? {
        get throws {
            guard let side, let json else { return nil }
            return switch side {
            case .freelancer: .person(try JSONValue.decode(PersonFeatures.self, from: json.bytes))
            case .client: .company(try JSONValue.decode(CompanyFeatures.self, from: json.bytes))
            }
        }
    }

    init(row: Row) throws {
        user = try row.decode("user_id")
        position = try row.decode("position")
        side = try row.decode("side")
        json = try row.decode("features")
    }
}

extension MatchFeatures {
    fileprivate var side: UserType {
        switch self {
        case .person: .freelancer
        case .company: .client
        }
    }

    fileprivate var json: JSONB {
        get throws {
            switch self {
            case .person(let person): JSONB(bytes: try JSONValue.encode(person))
            case .company(let company): JSONB(bytes: try JSONValue.encode(company))
            }
        }
    }
}
