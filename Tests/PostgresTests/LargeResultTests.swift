import TestSupport
import Testing

@testable import Postgres

/// The promise under test: no result makes the process grow without bounds.
@Suite(.serialized) struct LargeResultTests {
    private static let hundredMegabytes: [SQL] = [
        "SELECT repeat('x', 100) FROM generate_series(1, 1000000)",
        "SELECT repeat('x', 10000) FROM generate_series(1, 10000)",
        "SELECT repeat('x', 1000000) FROM generate_series(1, 100)",
    ]

    /// A small limit, and time enough for a busy machine.
    private static func small(_ configuration: inout Database.Configuration) {
        configuration.maximumResultBytes = 8 << 20
        configuration.statementTimeout = .seconds(540)
        configuration.deadline = .seconds(600)
    }

    @Test(arguments: hundredMegabytes)
    func `a hundred megabytes are refused long before they are all here`(sql: SQL) async throws {
        try await TestDatabase.use(configure: Self.small) { database in
            try await database.ping()
            let before = residentMemory()
            #expect(await postgresError { _ = try await database.rows(sql) } == .resultTooLarge)
            #expect(residentMemory() - before < 60 << 20)
            #expect(try await database.one("SELECT 7::bigint") { try $0.int64(at: 0) } == 7)
            let inTransaction = await postgresError { try await database.transaction { _ = try await $0.rows(sql) } }
            #expect(inTransaction == .resultTooLarge)
            try await database.transaction { try await $0.execute("SELECT 1") }
        }
    }

    @Test func `one value of a hundred megabytes is refused too`() async throws {
        try await TestDatabase.use(configure: Self.small) { database in
            let value: SQL = "SELECT repeat('x', 100000000)"
            #expect(await postgresError { _ = try await database.rows(value) } == .resultTooLarge)
            try await database.ping()
        }
    }

    @Test func `a hundred megabytes are streamed in flat memory`() async throws {
        try await TestDatabase.use(configure: Self.small) { database in
            try await database.ping()
            let before = residentMemory()
            for (sql, count) in zip(Self.hundredMegabytes, [1_000_000, 10_000, 100]) {
                var rows = 0
                var bytes = 0
                var peak = 0
                try await database.stream(sql) { row in
                    rows += 1
                    bytes += try row.string(at: 0).utf8.count
                    if rows % 1000 == 0 { peak = max(peak, residentMemory()) }
                }
                #expect(rows == count)
                #expect(bytes == 100_000_000)
                #expect(peak - before < 60 << 20)
            }
        }
    }

    @Test func `a stream takes parameters, and ends when its reader throws`() async throws {
        struct Enough: Error {}
        try await TestDatabase.use { database in
            var numbers: [Int] = []
            await #expect(throws: Enough.self) {
                try await database.stream("SELECT generate_series(\(5), \(1_000_000))") { row in
                    numbers.append(try row.decode(at: 0))
                    if numbers.count == 3 { throw Enough() }
                }
            }
            #expect(numbers == [5, 6, 7])
            let error = await postgresError { try await database.stream("SELECT * FROM nowhere") { _ in } }
            #expect(error?.sqlState == .undefinedTable)
        }
    }
}
