import Foundation
import Postgres
import SharedModels
import TestSupport
import Testing

/// The promise under test: what benches write into tables by SQL still fits them after the last migration.
@Suite struct BenchRowsTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../bench/sql").standardizedFileURL
    /// What the scripts ask for, in any of them.
    private static let variables = [
        "from=1", "to=60", "gigs=60", "people=60", "companies=20", "me=\(UUID())", "other=\(UUID())",
    ]

    @Test(
        arguments: [
            (.jobs, "fill", "gigs"), (.messages, "conversation", "conversations"),
            (.talent, "matching", "match_features"),
            (.jobs, "growth/jobs", "gigs"), (.contracts, "growth/contracts", "contracts"),
            (.messages, "growth/messages", "messages"), (.notifications, "growth/notifications", "events"),
        ] as [(ServiceName, String, String)])
    func `the rows of a bench fit the tables`(service: ServiceName, script: String, table: String) async throws {
        try await TestDatabase.use(of: service) { database in
            let name: String = try await database.one("SELECT current_database()::text AS name") {
                try $0.decode("name")
            }
            let url = try await TestPostgres.shared.url(database: name)
            let path = Self.folder.appending(path: "\(script).sql").path(percentEncoded: false)
            try await Program.run(
                ["/usr/bin/env", "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url]
                    + Self.variables.flatMap { ["-v", $0] } + ["-f", path])
            let rows: Int64 = try await database.one("SELECT count(*) AS rows FROM \(identifier: table)") {
                try $0.decode("rows")
            }
            #expect(rows > 0)
        }
    }
}
