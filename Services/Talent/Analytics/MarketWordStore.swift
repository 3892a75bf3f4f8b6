import Postgres
import SharedModels

/// Every statement on the table `market_words`.
struct MarketWordStore: Sendable {
    /// Which words are counted.
    enum Kind: String, PostgresValue, CaseIterable {
        case skill, industry
    }

    /// The words that most companies name, the most frequent first.
    ///
    /// - Parameter least: Those that fewer companies name are left out.
    func top(
        _ kind: Kind, _ limit: Int, namedBy least: Int64, in executor: some SQLExecutor
    ) async throws -> [MarketWord] {
        try await executor.all(
            """
            SELECT shown, companies FROM market_words
             WHERE kind = \(kind) AND companies >= \(least) AND companies > 0
             ORDER BY companies DESC, word LIMIT \(limit)
            """
        ) { MarketWord(shown: try $0.decode("shown"), companies: try $0.decode("companies")) }
    }

    /// Companies name other words than before. Call this while you hold the claim on features.
    func change(
        from before: [AccountID: MatchFeatures], to after: [AccountID: MatchFeatures], of users: [AccountID],
        in tx: Transaction
    ) async throws {
        for kind in Kind.allCases {
            var changes: [String: (shown: String, by: Int64)] = [:]
            for user in users {
                let (old, new) = (before[user]?.words(kind) ?? [:], after[user]?.words(kind) ?? [:])
                for (word, shown) in new where old[word] == nil { changes[word, default: (shown, 0)].by += 1 }
                for (word, shown) in old where new[word] == nil { changes[word, default: (shown, 0)].by -= 1 }
            }
            let words = changes.filter { $0.value.by != 0 }.sorted { $0.key < $1.key }
            guard !words.isEmpty else { continue }
            try await tx.execute(
                """
                INSERT INTO market_words (kind, word, shown, companies)
                SELECT \(kind), word, shown, 0
                  FROM unnest(\(words.map(\.key)), \(words.map(\.value.shown))) AS new (word, shown)
                ON CONFLICT (kind, word) DO NOTHING
                """)
            try await tx.execute(
                """
                UPDATE market_words
                   SET companies = companies + change.by,
                       shown = CASE WHEN change.by > 0 THEN change.shown ELSE market_words.shown END
                  FROM unnest(\(words.map(\.key)), \(words.map(\.value.shown)), \(words.map(\.value.by)))
                       AS change (word, shown, by)
                 WHERE kind = \(kind) AND market_words.word = change.word
                """)
            try await tx.execute(
                """
                DELETE FROM market_words
                 WHERE kind = \(kind) AND word = ANY(\(words.map(\.key))) AND companies = 0
                """)
        }
    }
}

extension MatchFeatures {
    /// What a company looks for or is in, by normal forms. People have none.
    fileprivate func words(_ kind: MarketWordStore.Kind) -> [String: String] {
        guard case .company(let company) = self else { return [:] }
        return switch kind {
        case .skill:
            Dictionary(
                company.offers.flatMap(\.needs).map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
        case .industry: Dictionary(company.industries.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }
}
