import Crypto
import Foundation
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a database of any earlier version can be migrated. A migration whose text changes, be it a
/// comment, stops the start of every installation that has applied it.
@Suite struct AppliedMigrationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    private static let list = root.appending(path: "Tests/migrations.sha256")

    /// A line for each migration, as `sha256sum` writes it for files.
    private static func lines() throws -> Set<String> {
        let services = root.appending(path: "Services")
        let files = try FileManager.default.subpathsOfDirectory(atPath: services.path).filter { $0.hasSuffix(".sql") }
        let ofServices = try files.map { ("Services/\($0)", try Data(contentsOf: services.appending(path: $0))) }
        let ofAll = SharedMigrations.all.map { ($0.name, Data($0.sql.utf8)) }
        return Set((ofServices + ofAll).map { "\(Hexadecimal.encode(SHA256.hash(data: $1)))  \($0)" })
    }

    @Test func `a migration that was applied keeps its text`() throws {
        let lines = try Self.lines()
        let written = Set(try String(contentsOf: Self.list, encoding: .utf8).split(separator: "\n").map(String.init))
        let gone = written.subtracting(lines).sorted()
        let new = lines.subtracting(written).sorted()
        #expect(gone.isEmpty, "put these back as they were, and write a new migration: \(gone.joined(separator: "\n"))")
        #expect(new.isEmpty, "if these are new, add them to Tests/migrations.sha256: \(new.joined(separator: "\n"))")
        #expect(lines.count > 100)
    }
}
