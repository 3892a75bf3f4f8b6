import Crypto
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Brings a database to the schema that numbered SQL files describe.
///
/// Files `NNNN_name.sql` are applied in the order of their numbers, each in one transaction, and recorded in
/// `schema_migrations` with their SHA-256. Never edit a file that was applied. Any number of processes may migrate one
/// database at the same time.
///
/// When two modules own tables in one database (a service, and the kit that every service uses), each numbers its files
/// in its own series, so that neither waits for the other's numbers.
package struct Migrator: Sendable, Hashable {
    package struct Migration: Sendable, Hashable {
        /// `NNNN_name.sql`.
        package let name: String
        package let sql: String

        fileprivate var number: Int? {
            let digits = name.prefix { $0 != "_" }
            guard digits.count == 4, name.hasSuffix(".sql") else { return nil }
            return Int(digits)
        }

        fileprivate var checksum: String {
            Hexadecimal.encode(SHA256.hash(data: Data(sql.utf8)))
        }
    }

    /// Why a database cannot be migrated. Each reason prints as one line.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case unreadable(file: String)
        case badName(String)
        case sameNumber(String, String)
        /// The file differs from what was applied.
        case changed(String)
        /// It was applied, but the file is missing.
        case missing(String)
        /// It is new, but its number is lower than one that was applied.
        case late(String, after: String)
        case failed(String, PostgresError)

        package var description: String {
            switch self {
            case .unreadable(let file): "migrations cannot be read: \(file)"
            case .badName(let name): "migration \(name) is not named NNNN_name.sql"
            case .sameNumber(let one, let other): "migrations \(one) and \(other) have the same number"
            case .changed(let name): "migration \(name) was changed after it had been applied"
            case .missing(let name): "migration \(name) was applied to this database, but its file is missing"
            case .late(let name, let after): "migration \(name) is new, but \(after) has been applied already"
            case .failed(let name, let error): "migration \(name) failed: \(error)"
            }
        }
    }

    /// How long one migration may take, including the wait for another process.
    private static let limit = Duration.seconds(1800)

    private let migrations: [Migration]
    private let series: String

    /// Reads every `.sql` file of `directory`.
    ///
    /// - Throws: ``Refusal``.
    package init(directory: URL, series: String = "service") throws {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw Refusal.unreadable(file: directory.path)
        }
        try self.init(
            names.filter { $0.hasSuffix(".sql") }.map { name in
                guard
                    let contents = FileManager.default.contents(atPath: directory.path + "/" + name),
                    let sql = String(validating: contents, as: UTF8.self)
                else { throw Refusal.unreadable(file: name) }
                return (name, sql)
            }, series: series)
    }

    /// - Throws: ``Refusal`` when a name is not `NNNN_name.sql` or a number occurs twice.
    package init(_ files: [(name: String, sql: String)], series: String = "service") throws {
        self.series = series
        migrations = files.map { Migration(name: $0.name, sql: $0.sql) }.sorted { $0.name < $1.name }
        if let bad = migrations.first(where: { $0.number == nil }) { throw Refusal.badName(bad.name) }
        for (one, next) in zip(migrations, migrations.dropFirst()) where one.number == next.number {
            throw Refusal.sameNumber(one.name, next.name)
        }
    }

    /// Applies the missing migrations.
    ///
    /// - Returns: The names of those applied now, in order.
    /// - Throws: ``Refusal`` when an old file has changed, before anything is applied; ``PostgresError`` when the
    ///   database cannot be used.
    package func migrate(_ database: Database) async throws -> [String] {
        try await database.transaction { transaction in
            try await Self.lock(transaction)
            try await transaction.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    series text NOT NULL,
                    name text NOT NULL,
                    checksum text NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (series, name)
                )
                """)
            try await check(transaction)
        }
        var applied: [String] = []
        for migration in migrations where try await apply(migration, on: database) {
            applied.append(migration.name)
        }
        return applied
    }

    private func check(_ transaction: Transaction) async throws {
        let recorded: [(name: String, checksum: String)] = try await transaction.all(
            "SELECT name, checksum FROM schema_migrations WHERE series = \(series) ORDER BY name"
        ) { (try $0.decode("name"), try $0.decode("checksum")) }
        let names = Set(recorded.map(\.name))
        for record in recorded {
            guard let migration = migrations.first(where: { $0.name == record.name }) else {
                throw Refusal.missing(record.name)
            }
            guard migration.checksum == record.checksum else { throw Refusal.changed(record.name) }
        }
        if let last = recorded.last?.name,
            let late = migrations.first(where: { $0.name < last && !names.contains($0.name) })
        {
            throw Refusal.late(late.name, after: last)
        }
    }

    /// - Returns: `false` when it was already applied.
    private func apply(_ migration: Migration, on database: Database) async throws -> Bool {
        do {
            return try await database.transaction { transaction in
                try await Self.lock(transaction)
                let checksum = try await transaction.first(
                    """
                    SELECT checksum FROM schema_migrations
                     WHERE series = \(series) AND name = \(migration.name)
                    """
                ) { try $0.decode("checksum", as: String.self) }
                if let checksum {
                    guard checksum == migration.checksum else { throw Refusal.changed(migration.name) }
                    return false
                }
                try await transaction.script(migration.sql, within: Self.limit)
                try await transaction.execute(
                    """
                    INSERT INTO schema_migrations (series, name, checksum)
                    VALUES (\(series), \(migration.name), \(migration.checksum))
                    """)
                return true
            }
        } catch let error as PostgresError where error.sqlState != nil {
            throw Refusal.failed(migration.name, error)
        }
    }

    /// Keeps other migrating processes out until the transaction ends. The number is "guildhal" in ASCII, which only we
    /// use.
    private static func lock(_ transaction: Transaction) async throws {
        try await transaction.execute("SET LOCAL statement_timeout = 0")
        // Migrations do read whole tables.
        try await transaction.execute("SET LOCAL enable_seqscan = on")
        try await transaction.script("SELECT pg_advisory_xact_lock(7455545900093497708)", within: limit)
    }
}
