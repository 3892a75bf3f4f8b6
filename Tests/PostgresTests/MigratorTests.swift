import Foundation
import TestSupport
import Testing

@testable import Postgres

/// The promise under test: every migration is applied once, in order, as it was written.
@Suite struct MigratorTests {
    private static let files: [(name: String, sql: String)] = [
        ("0001_create.sql", "-- why\nCREATE TABLE things (id bigint); INSERT INTO things VALUES (1);"),
        ("0002_more.sql", "INSERT INTO things VALUES (2);\nINSERT INTO things VALUES (3);"),
        ("0010_last.sql", "ALTER TABLE things ADD COLUMN name text;"),
    ]

    /// The migrations of another owner.
    private static let kit: [(name: String, sql: String)] = [
        ("0001_create.sql", "CREATE TABLE letters (id bigint);"),
        ("0003_more.sql", "INSERT INTO letters VALUES (1);"),
    ]

    private func things(_ database: Database) async throws -> Int {
        try await database.one("SELECT count(*) FROM things") { try $0.decode(at: 0) }
    }

    @Test func `migrating twice applies everything once, in the order of the numbers`() async throws {
        try await TestDatabase.use { database in
            let migrator = try Migrator(Self.files.reversed())
            #expect(try await migrator.migrate(database) == Self.files.map(\.name))
            #expect(try await migrator.migrate(database) == [])
            #expect(try await things(database) == 3)
        }
    }

    @Test func `processes that migrate at the same time do not get into each other's way`() async throws {
        try await TestDatabase.use { database in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let own = Database(.patient(url: database.configuration.url), logger: .quiet)
                        let names = try await Migrator(Self.files).migrate(own)
                        await own.close()
                        return names
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == Self.files.map(\.name))
            #expect(try await things(database) == 3)
        }
    }

    @Test func `a changed, missing or late file refuses before anything is applied`() async throws {
        try await TestDatabase.use(migrations: try Migrator(Array(Self.files.dropFirst()) + [Self.files[0]])) {
            database in
            let new: [(name: String, sql: String)] = [("0011_new.sql", "DROP TABLE things;")]
            var changed = Self.files + new
            changed[1].sql += " "
            await #expect(throws: Migrator.Refusal.changed("0002_more.sql")) {
                try await Migrator(changed).migrate(database)
            }
            await #expect(throws: Migrator.Refusal.missing("0001_create.sql")) {
                try await Migrator(Array(Self.files.dropFirst()) + new).migrate(database)
            }
            await #expect(throws: Migrator.Refusal.late("0009_late.sql", after: "0010_last.sql")) {
                try await Migrator(Self.files + new + [("0009_late.sql", "SELECT 1;")]).migrate(database)
            }
            let count = try await things(database)
            #expect(count == 3)
        }
    }

    @Test func `a migration that fails leaves nothing of itself`() async throws {
        try await TestDatabase.use { database in
            let broken = Self.files.dropLast() + [("0003_bad.sql", "INSERT INTO things VALUES (4); SELECT nonsense;")]
            let refusal = await #expect(throws: Migrator.Refusal.self) {
                try await Migrator(Array(broken)).migrate(database)
            }
            #expect(refusal?.description.hasPrefix("migration 0003_bad.sql failed: 42703") == true)
            let count = try await things(database)
            #expect(count == 3)
            #expect(try await Migrator(Self.files).migrate(database) == ["0010_last.sql"])
        }
    }

    @Test func `two owners of tables number their files apart`() async throws {
        try await TestDatabase.use(migrations: try Migrator(Self.files)) { database in
            // Lower numbers, and names that the other has used: neither late nor changed.
            let kit = try Migrator(Self.kit, series: "kit")
            #expect(try await kit.migrate(database) == Self.kit.map(\.name))
            #expect(try await kit.migrate(database) == [])
            let laterFiles = try Migrator(Self.files + [("0011_new.sql", "SELECT 1;")])
            #expect(try await laterFiles.migrate(database) == ["0011_new.sql"])
            let laterKit = try Migrator(Self.kit + [("0004_new.sql", "SELECT 1;")], series: "kit")
            #expect(try await laterKit.migrate(database) == ["0004_new.sql"])
            #expect(try await things(database) == 3)
        }
    }

    @Test func `each of two owners still watches over its own files`() async throws {
        try await TestDatabase.use(migrations: try Migrator(Self.files)) { database in
            _ = try await Migrator(Self.kit, series: "kit").migrate(database)
            await #expect(throws: Migrator.Refusal.changed("0001_create.sql")) {
                try await Migrator(Self.files, series: "kit").migrate(database)
            }
            await #expect(throws: Migrator.Refusal.missing("0003_more.sql")) {
                try await Migrator([Self.kit[0]], series: "kit").migrate(database)
            }
            await #expect(throws: Migrator.Refusal.late("0002_late.sql", after: "0003_more.sql")) {
                try await Migrator(Self.kit + [("0002_late.sql", "SELECT 1;")], series: "kit").migrate(database)
            }
            #expect(try await Migrator(Self.files).migrate(database) == [])
        }
    }

    @Test func `processes that migrate both series at the same time apply each file once`() async throws {
        try await TestDatabase.use { database in
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for index in 0..<8 {
                    group.addTask {
                        let own = Database(.patient(url: database.configuration.url), logger: .quiet)
                        let migrator = try index % 2 == 0 ? Migrator(Self.files) : Migrator(Self.kit, series: "kit")
                        let names = try await migrator.migrate(own)
                        await own.close()
                        return names
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == (Self.files + Self.kit).map(\.name).sorted())
            #expect(try await things(database) == 3)
        }
    }

    @Test func `names that do not say their order are refused`() throws {
        #expect(throws: Migrator.Refusal.badName("1_a.sql")) { try Migrator([("1_a.sql", "")]) }
        #expect(throws: Migrator.Refusal.sameNumber("0001_a.sql", "0001_b.sql")) {
            try Migrator([("0001_b.sql", ""), ("0001_a.sql", "")])
        }
    }

    @Test func `a folder is read`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("migrations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A left-over of a test harms nobody.
        for file in Self.files { try Data(file.sql.utf8).write(to: folder.appendingPathComponent(file.name)) }
        try Data("notes".utf8).write(to: folder.appendingPathComponent("README.md"))
        let applied = try await TestDatabase.use { try await Migrator(directory: folder).migrate($0) }
        #expect(applied == Self.files.map(\.name))
        #expect(throws: Migrator.Refusal.self) { try Migrator(directory: folder.appendingPathComponent("none")) }
    }
}
