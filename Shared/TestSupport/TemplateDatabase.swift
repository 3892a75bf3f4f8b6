import Foundation
import Logging
import Postgres

/// Databases that tests get copies of: one per schema and server, made when it is first asked for, because a copy takes
/// less time than the migrations.
enum TemplateDatabase {
    private struct Kind: Hashable {
        let server: URL
        let migrations: Migrator
    }

    private static let made = Shared<[Kind: Task<String, any Error>]>([:])

    static func name(with migrations: Migrator, on server: TestPostgres) async throws -> String {
        let kind = Kind(server: server.url, migrations: migrations)
        let making = made.change { made in
            if let task = made[kind] { return task }
            let task = Task { try await make(migrations, on: server) }
            made[kind] = task
            return task
        }
        do {
            return try await making.value
        } catch {
            // The next test tries again.
            made.change { $0[kind] = nil }
            throw error
        }
    }

    private static func make(_ migrations: Migrator, on server: TestPostgres) async throws -> String {
        let name = try await server.create()
        let database = Database(.patient(url: server.url(database: name)), logger: .quiet)
        do {
            _ = try await migrations.migrate(database)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return name
    }
}
