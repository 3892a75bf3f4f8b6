import TestSupport
import Testing

@testable import Postgres

/// The promise under test: every caller gets the answer to its own statement, even if others fail.
@Suite struct StatementTests {
    @Test func `a thousand concurrent statements over two connections each get their own answer`() async throws {
        try await TestDatabase.use { database in
            let right = try await count(0..<1000) { number in
                let answer = try await database.one("SELECT \(number) * 2 AS double") {
                    try $0.decode("double", as: Int.self)
                }
                return answer == number * 2
            }
            #expect(right == 1000)
            #expect((1...2).contains(database.statistics.pipelinedConnections))
        }
    }

    @Test func `one statement in five failing harms no neighbour in the pipeline`() async throws {
        try await TestDatabase.use { database in
            try await database.execute("CREATE TABLE taken (id bigint CONSTRAINT taken_once PRIMARY KEY)")
            try await database.execute("INSERT INTO taken VALUES (1)")
            let right = try await count(0..<1000) { number in
                switch number % 15 {
                case 0:  // refused while it is parsed
                    let error = await postgresError { try await database.execute("SELECT \(number) FRM nothing") }
                    return error?.sqlState == .syntaxError
                case 5:  // refused while it runs
                    let error = await postgresError { try await database.execute("SELECT 1 / \(number - number)") }
                    return error?.sqlState == SQLState(rawValue: "22012")
                case 10:  // refused by a constraint
                    let error = await postgresError { try await database.execute("INSERT INTO taken VALUES (\(1))") }
                    return error?.isUniqueViolation(of: "taken_once") == true
                default:
                    return try await database.one("SELECT \(number) AS same") { try $0.int64(at: 0) } == number
                }
            }
            #expect(right == 1000)
        }
    }

    @Test func `a constraint checked at the commit is reported to the statement that broke it`() async throws {
        try await TestDatabase.use { database in
            try await database.execute(
                """
                CREATE TABLE pairs (
                    id bigint PRIMARY KEY,
                    other bigint CONSTRAINT other_exists REFERENCES pairs DEFERRABLE INITIALLY DEFERRED
                )
                """)
            let right = try await count(0..<200) { number in
                let other = number % 4 == 0 ? number + 1000 : number
                let error = await postgresError {
                    try await database.execute("INSERT INTO pairs VALUES (\(number), \(other))")
                }
                return number % 4 == 0 ? error?.isForeignKeyViolation(of: "other_exists") == true : error == nil
            }
            #expect(right == 200)
            #expect(try await database.one("SELECT count(*) FROM pairs") { try $0.int64(at: 0) } == 150)
        }
    }

    @Test func `a statement is prepared again when its table's columns changed`() async throws {
        try await TestDatabase.use { database in
            try await database.execute("CREATE TABLE changing (a bigint)")
            try await database.execute("INSERT INTO changing VALUES (1)")
            for _ in 0..<4 { _ = try await database.rows("SELECT * FROM changing") }
            try await database.execute("ALTER TABLE changing ADD COLUMN b bigint DEFAULT 2")
            for _ in 0..<4 {
                #expect(try await database.one("SELECT * FROM changing") { try $0.decode("b", as: Int.self) } == 2)
            }
        }
    }

    @Test func `more different statements than stay prepared still work`() async throws {
        try await TestDatabase.use { database in
            let count = Connection.preparedLimit * 2 + 50
            for number in 0..<count {
                let name = "column_\(number)"
                let answer = try await database.one("SELECT \(number) AS \(identifier: name)") {
                    try $0.decode(name, as: Int.self)
                }
                #expect(answer == number)
            }
            let prepared = try await database.one("SELECT count(*) FROM pg_prepared_statements") { try $0.int64(at: 0) }
            #expect(prepared <= Connection.preparedLimit)
        }
    }

    @Test func `a full queue refuses further statements`() async throws {
        try await TestDatabase.use(configure: { $0.queueLimit = 200 }) { database in
            try await eventually("all are connected") {
                try await database.ping()
                return database.statistics.pipelinedConnections == 2
            }
            let holder = try await database.begin(isolation: .readCommitted)
            try await holder.execute("SELECT pg_advisory_xact_lock(1)")
            // Meanwhile none is answered.
            func ask(_ count: Int) -> [Task<Int, any Error>] {
                (0..<count).map { _ in Task { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") } }
            }
            var stuck = ask(2 * Connection.depthLimit)
            try await eventually("the pipelines are full") {
                database.statistics.statementsInFlight == 2 * Connection.depthLimit
            }
            stuck += ask(200)
            try await eventually("the queue is full") { database.statistics.statementsQueued == 200 }
            for _ in 0..<3 {
                #expect(await postgresError { try await database.execute("SELECT 1") } == .overloaded)
            }
            await holder.rollback()
            for task in stuck { _ = try await task.value }
            try await database.ping()
        }
    }

    @Test func `one row is asked for and anything else is an error`() async throws {
        try await TestDatabase.use { database in
            let none: SQL = "SELECT 1 WHERE false"
            let nothing = try await database.first(none) { try $0.int64(at: 0) }
            #expect(nothing == nil)
            #expect(await postgresError { _ = try await database.one(none) { try $0.int64(at: 0) } } == .noRow)
            let two = await postgresError { _ = try await database.first("VALUES (1), (2)") { try $0.int64(at: 0) } }
            guard case .misuse = two else { return #expect(two == .noRow) }
        }
    }

    @Test func `an unreachable server and a URL that cannot be read are told in one line`() async throws {
        let unreachable = Database(.init(url: "postgresql://nobody:secret@127.0.0.1:1/none"), logger: .quiet)
        let refused = await postgresError { try await unreachable.connect(within: .seconds(2)) }
        await unreachable.close()
        guard case .connectionLost(let reason) = refused else { return #expect(refused == nil) }
        #expect(reason.contains("127.0.0.1"))
        #expect(!reason.contains("secret") && !reason.contains("\n"))

        let unreadable = Database(.init(url: "postgresql://x:secret@[bad"), logger: .quiet)
        let misuse = await postgresError { try await unreadable.connect() }
        await unreadable.close()
        #expect(misuse == .misuse("the database URL is not a libpq connection URL"))
    }

    @Test func `a closed database refuses`() async throws {
        let database = try await TestDatabase.make()
        try await database.ping()
        await database.close()
        guard case .connectionLost = await postgresError({ try await database.ping() }) else {
            return #expect(Bool(false), "a closed database answered")
        }
    }
}
