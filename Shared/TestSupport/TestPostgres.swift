import Foundation
import Logging
import Postgres

extension Logger {
    /// Logs nothing, because tests provoke errors on purpose.
    package static var quiet: Logger {
        Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    }
}

/// The PostgreSQL server that all tests of this process share.
///
/// The one at `GUILDHALL_TEST_DATABASE_URL` (a superuser's URL) if that is set, otherwise a ``PrivateCluster``. A test can
/// have another one in its place.
package struct TestPostgres: Sendable {
    /// A superuser's URL of the database `postgres`, or of the database that the variable names.
    package let url: URL

    package static var shared: TestPostgres {
        get async throws {
            if let other { return other }
            return try await starting.value
        }
    }

    @TaskLocal private static var other: TestPostgres?

    /// Runs `body` with `cluster` in the place of the shared server.
    package static func with<Result>(
        _ cluster: PrivateCluster, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let url = URL(string: cluster.url()) else { throw URLError(.badURL) }
        return try await $other.withValue(TestPostgres(url: url, cluster: cluster)) { try await body() }
    }

    private static let starting = Task {
        if let text = ProcessInfo.processInfo.environment["GUILDHALL_TEST_DATABASE_URL"], let url = URL(string: text) {
            return TestPostgres(url: url, cluster: nil)
        }
        let cluster = try await PrivateCluster()
        guard let url = URL(string: cluster.url()) else { throw URLError(.badURL) }
        return TestPostgres(url: url, cluster: cluster)
    }

    /// Kept, because the server ends with it.
    private let cluster: PrivateCluster?

    private init(url: URL, cluster: PrivateCluster?) {
        self.url = url
        self.cluster = cluster
    }

    /// A superuser's URL of another database on this server.
    package func url(database: String) -> String {
        var components = URLComponents(url: url, resolvingAgainstBaseURL: false)
        components?.path = "/\(database)"
        return components?.string ?? ""
    }

    /// Makes a database, as a copy of `template` where one is given.
    ///
    /// - Returns: Its name.
    package func create(from template: String? = nil) async throws -> String {
        let name = "test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        if let template {
            try await eventually("nobody is connected to the template any more") {
                do {
                    try await administer("CREATE DATABASE \(identifier: name) TEMPLATE \(identifier: template)")
                    return true
                } catch PostgresError.server(let refusal) where refusal.sqlState == SQLState(rawValue: "55006") {
                    // PostgreSQL waits five seconds for connections that end.
                    return false
                }
            }
        } else {
            try await administer("CREATE DATABASE \(identifier: name)")
        }
        return name
    }

    /// Runs one statement, such as `CREATE DATABASE`, in the administrative database.
    package func administer(_ statement: SQL) async throws {
        let database = Database(.patient(url: url.absoluteString), logger: .quiet)
        do {
            try await database.execute(statement)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
