import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import AuthService

/// A database of auth's with one account in it.
enum AuthDatabase {
    static func use<Result>(
        _ clock: TestClock, _ body: (Database, AccountID) async throws -> Result
    ) async throws -> Result {
        try await TestDatabase.use(migrations: try migrations()) { database in
            let account = Account.signingUp(try .named("ada", id: 1), plan: .free, at: clock.now)
            try await database.transaction { tx in _ = try await AccountStore().add(account, in: tx) }
            return try await body(database, account.id)
        }
    }

    private static func migrations() throws -> Migrator {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Services/Auth/Migrations").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            (name: $0, sql: try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8))
        }
        return try Migrator(files + SharedMigrations.all)
    }
}

extension Database {
    /// Waits until so many, or more, wait for a lock.
    func waitUntilBlocked(_ count: Int) async throws {
        try await eventually("\(count) wait for a lock") {
            try await one(
                """
                SELECT count(*) AS count FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND datname = current_database()
                """
            ) { try $0.decode("count", as: Int.self) } >= count
        }
    }
}

extension GitHubUser {
    static func named(
        _ login: String, id: Int64, since createdAt: Timestamp = Timestamp(seconds: 1_300_000_000),
        repositories: Int64 = 3
    ) throws -> Self {
        let json: JSONValue = [
            "id": .integer(id), "login": .string(login), "created_at": .string(createdAt.description),
            "public_repos": .integer(repositories),
        ]
        guard let user = GitHubUser(json: json) else { throw CocoaError(.coderInvalidValue) }
        return user
    }
}
