import Glibc
import TestSupport
import Testing

@testable import Postgres

/// The promise under test: writes that share a commit each have the outcome that they would have alone.
@Suite struct CommitGroupTests {
    @Test func `writes of one moment share commits, and each is there`() async throws {
        try await TestDatabase.use(configure: { $0.pipelinedConnections = 1 }) { database in
            try await makeTable(database)
            // The statement is prepared before, and everything is connected.
            try await database.execute(Self.insertion(of: -1))
            let execution = try database.taskExecution()
            let isBusy = Shared(false)
            let commits = Shared(Set<String>())
            try await withThrowingDiscardingTaskGroup { group in
                // Nothing is sent meanwhile.
                group.addTask(executorPreference: execution) {
                    isBusy.change { $0 = true }
                    while isBusy.value, !Task.isCancelled { sched_yield() }
                }
                try await eventually("its thread is busy") { isBusy.value }
                for number in 0..<2 * CommitGroup.limit {
                    group.addTask {
                        let commit = try await database.one(Self.insertion(of: number)) { try $0.string(at: 0) }
                        commits.change { _ = $0.insert(commit) }
                    }
                }
                try await eventually("all wait") { database.inbox.waitingCount >= 2 * CommitGroup.limit }
                isBusy.change { $0 = false }
            }
            #expect(commits.value.count < 2 * CommitGroup.limit)
            #expect(try await numbers(in: database) == Set(-1..<2 * CommitGroup.limit))
        }
    }

    @Test func `one in five failing, at once or at the commit, harms no neighbour`() async throws {
        try await TestDatabase.use { database in
            try await makeTable(database)
            let right = try await count(0..<1000) { number in
                let error = await postgresError {
                    switch number % 10 {
                    case 0: try await database.execute(Self.insertion(of: number, by: 0))
                    case 5: try await database.execute(Self.insertion(of: number, other: number + 5000))
                    default: try await database.execute(Self.insertion(of: number))
                    }
                }
                return switch number % 10 {
                case 0: error?.sqlState == SQLState(rawValue: "22012")
                case 5: error?.isForeignKeyViolation(of: "other_exists") == true
                default: error == nil
                }
            }
            #expect(right == 1000)
            #expect(try await numbers(in: database) == Set((0..<1000).filter { $0 % 5 != 0 }))
        }
    }

    @Test func `what a group locks it locks in the order of the first parameter`() {
        var group = CommitGroup()
        for number in [3, 1, 2] { group.append(request(number)) }
        let order = group.removeAll().map { request -> UInt8? in
            if case .statement(let sql) = request.content { sql.parameters.first.last } else { nil }
        }
        #expect(order == [1, 2, 3])
    }

    @Test func `a group is bounded by number and by bytes`() {
        var group = CommitGroup()
        for number in 0..<CommitGroup.limit {
            #expect(group.hasRoom(for: request(number)))
            group.append(request(number))
        }
        #expect(!group.hasRoom(for: request(0)))
        _ = group.removeAll()
        let large = String(repeating: "x", count: CommitGroup.byteLimit)
        // One that is too large for any group is sent alone.
        #expect(group.hasRoom(for: request(large)))
        group.append(request(1))
        #expect(!group.hasRoom(for: request(large)))
    }

    private func request(_ value: some PostgresCodable) -> Request {
        let sql: SQL = "INSERT INTO numbers VALUES (\(value))"
        return Request(.statement(sql.sharingCommit()), ifLost: .dependsOnStatement, deadline: .distantFuture)
    }

    private func makeTable(_ database: Database) async throws {
        try await database.execute(
            """
            CREATE TABLE numbers (
                number bigint PRIMARY KEY,
                other bigint CONSTRAINT other_exists REFERENCES numbers DEFERRABLE INITIALLY DEFERRED
            )
            """)
    }

    /// - Returns: Its transaction's number, as text.
    private static func insertion(of number: Int, by divisor: Int = 1, other: Int? = nil) -> SQL {
        let sql: SQL = """
            INSERT INTO numbers VALUES (\(number) / \(divisor), \(other ?? number))
            RETURNING pg_current_xact_id()::text
            """
        return sql.sharingCommit()
    }

    private func numbers(in database: Database) async throws -> Set<Int> {
        Set(try await database.all("SELECT number FROM numbers") { try $0.decode(at: 0, as: Int.self) })
    }
}
