import Foundation
import Postgres
import ServiceKit
import SharedModels

extension TestDatabase {
    /// Runs `body` on a new database of `service`, and drops it afterwards.
    ///
    /// Eight transactions can run at once, because tests let callers race for one row.
    package static func use<Result>(
        of service: ServiceName, _ body: (Database) async throws -> Result
    ) async throws -> Result {
        try await use(migrations: Migrator(of: service), configure: { $0.transactionConnections = 8 }, body)
    }
}

extension Migrator {
    /// The migrations of `service`, from the source tree, and those of every service.
    fileprivate init(of service: ServiceName) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Services/\(service.rawValue.capitalized)/Migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        let own = try files.map { name in
            (name: name, sql: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        try self.init(service == .sandbox ? own : own + SharedMigrations.all)
    }
}
