import Foundation
import Logging
import Postgres

/// Fresh databases on ``TestPostgres``, one per test, so that tests can run at the same time.
package enum TestDatabase {
    /// Runs `body` on a new database, and has it dropped afterwards.
    ///
    /// - Parameters:
    ///   - migrations: The schema; `nil` leaves the database empty.
    ///   - configure: Changes the client's settings. They begin as the defaults, with two connections for statements.
    package static func use<Result>(
        migrations: Migrator? = nil,
        configure: (inout Database.Configuration) -> Void = { _ in },
        _ body: (Database) async throws -> Result
    ) async throws -> Result {
        let (database, name) = try await create(migrations: migrations, configure: configure)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(database))
        } catch {
            result = .failure(error)
        }
        await database.close()
        let server = try await TestPostgres.shared
        // The next test does not wait for it. What is not dropped any more goes with the server.
        Task { try? await server.administer("DROP DATABASE \(identifier: name) WITH (FORCE)") }
        return try result.get()
    }

    /// A new database that stays as long as the server: until the end of this process, unless the server was given from
    /// outside.
    package static func make(
        migrations: Migrator? = nil,
        configure: (inout Database.Configuration) -> Void = { _ in }
    ) async throws -> Database {
        try await create(migrations: migrations, configure: configure).database
    }

    /// A copy of a database that nobody is connected to, as its backup would be restored. It stays like one of
    /// ``make(migrations:configure:)``.
    ///
    /// - Returns: Its name.
    package static func copy(of original: String) async throws -> String {
        try await TestPostgres.shared.create(from: original)
    }

    /// Connects to a database of the test server. The caller closes it.
    package static func open(_ name: String) async throws -> Database {
        var configuration = Database.Configuration.patient(url: try await TestPostgres.shared.url(database: name))
        configuration.pipelinedConnections = 2
        return Database(configuration, logger: .quiet)
    }

    private static func create(
        migrations: Migrator?, configure: (inout Database.Configuration) -> Void
    ) async throws -> (database: Database, name: String) {
        let server = try await TestPostgres.shared
        var template: String?
        if let migrations { template = try await TemplateDatabase.name(with: migrations, on: server) }
        let name = try await server.create(from: template)
        var configuration = Database.Configuration.patient(url: server.url(database: name))
        configuration.pipelinedConnections = 2
        configure(&configuration)
        return (Database(configuration, logger: .quiet), name)
    }
}
