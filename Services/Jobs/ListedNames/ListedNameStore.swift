import Postgres
import SharedModels

/// Every statement on the tables `categories` and `skills`, which are alike.
struct ListedNameStore<Kind: CatalogueKind>: Sendable {
    typealias Name = ListedName<Kind>

    static var columns: SQL { "id, name, is_listed, created_at, updated_at" }

    /// - Returns: `false` when there is one with the same normal form.
    func insertIfAbsent(_ name: Name, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.execute(
            """
            INSERT INTO \(fragment: Kind.table) (id, name, normal, is_listed, created_at, updated_at)
            VALUES (\(name.id), \(name.name), \(name.normal), \(name.isListed), \(name.createdAt), \(name.updatedAt))
            ON CONFLICT (normal) DO NOTHING
            """) == 1
    }

    /// Like ``insertIfAbsent(_:in:)``, of one that has an id from elsewhere.
    ///
    /// - Returns: The one that is there instead: with its id, or else with its normal form; `nil` when it was added.
    func insertKnown(_ name: Name, in tx: Transaction) async throws -> Name? {
        if let present = try await find([name.id], in: tx).first { return present }
        if try await insertIfAbsent(name, in: tx) { return nil }
        return try await find([], normal: [name.normal], in: tx).first
    }

    /// - Returns: `nil` when it does not exist.
    /// - Throws: `ListedNameError.taken` when another one has the same normal form.
    func rename(
        _ id: Identifier<Kind>, _ name: String, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Name? {
        do {
            return try await executor.first(
                """
                UPDATE \(fragment: Kind.table)
                   SET name = \(name), normal = \(SkillName(name).normal), updated_at = \(now)
                 WHERE id = \(id) RETURNING \(fragment: Self.columns)
                """, Name.init(row:))
        } catch let error as PostgresError where error.isUniqueViolation(of: Kind.uniqueName) {
            throw ListedNameError.taken(name, noun: Kind.noun)
        }
    }

    /// - Returns: `false` when it does not exist.
    func offer(
        _ id: Identifier<Kind>, _ isListed: Bool, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await executor.execute(
            """
            UPDATE \(fragment: Kind.table)
               SET updated_at = CASE is_listed WHEN \(isListed) THEN updated_at ELSE \(now) END, is_listed = \(isListed)
             WHERE id = \(id)
            """) == 1
    }

    /// A page of those whose name has the text somewhere, in any case, by name; and how many there are.
    func page(
        _ search: String, _ page: PageNumber, in executor: some SQLExecutor
    ) async throws -> (names: [Name], total: Int) {
        let found: SQL = "FROM \(fragment: Kind.table) WHERE strpos(lower(name), lower(\(search))) > 0"
        let names = try await executor.all(
            """
            SELECT \(fragment: Self.columns) \(fragment: found)
             ORDER BY lower(name), id LIMIT \(page.limit) OFFSET \(page.offset)
            """, Name.init(row:))
        if names.count < page.limit, page.number == 1 { return (names, names.count) }
        let total: Int = try await executor.one("SELECT count(*) AS total \(fragment: found)") {
            try $0.decode("total")
        }
        return (names, total)
    }

    /// Those with one of the ids or one of the normal forms, in any order.
    func find(
        _ ids: [Identifier<Kind>], normal: [String] = [], in executor: some SQLExecutor
    ) async throws -> [Name] {
        guard !ids.isEmpty || !normal.isEmpty else { return [] }
        return try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM \(fragment: Kind.table)
             WHERE id = ANY(\(ids)) OR normal = ANY(\(normal))
            """, Name.init(row:))
    }
}

extension ListedName {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), name: try row.decode("name"), isListed: try row.decode("is_listed"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}
