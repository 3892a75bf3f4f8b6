import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Postgres

/// What tasks report about themselves.
private final class Seen: Sendable {
    let threads = Mutex(Set<pthread_t>())
    let isBusy = Atomic(true)
    let ended = Atomic(0)
}

/// The promise under test: tasks on the I/O thread get their answers as everywhere else, and no task is left behind.
@Suite struct TaskExecutionTests {
    @Test func `tasks that run on the I/O thread ask and are answered there`() async throws {
        try await TestDatabase.use { database in
            try await database.ping()
            // While the database connects, tasks run elsewhere.
            try await eventually("everything is connected") {
                database.statistics.pipelinedConnections == database.configuration.pipelinedConnections
            }
            let seen = Seen()
            try await withTaskExecutorPreference(try database.taskExecution()) {
                for number in 0..<100 {
                    seen.threads.withLock { _ = $0.insert(pthread_self()) }
                    let answer = try await database.one("SELECT \(number) + 1") { try $0.int64(at: 0) }
                    #expect(answer == Int64(number + 1))
                }
            }
            #expect(seen.threads.withLock(\.count) == 1)
        }
    }

    @Test func `a thousand tasks at a time each get their own answer, in transactions too`() async throws {
        try await TestDatabase.use { database in
            let right = try await withTaskExecutorPreference(try database.taskExecution()) {
                try await count(0..<1000) { number in
                    guard number % 10 == 0 else {
                        return try await database.one("SELECT \(number)") { try $0.int64(at: 0) } == Int64(number)
                    }
                    return try await database.transaction { tx in
                        let first = try await tx.one("SELECT \(number)") { try $0.int64(at: 0) }
                        return try await tx.one("SELECT \(first) + 1") { try $0.int64(at: 0) } == Int64(number + 1)
                    }
                }
            }
            #expect(right == 1000)
        }
    }

    @Test func `while one task keeps the thread busy, what there is no room for goes on elsewhere`() async throws {
        try await TestDatabase.use { database in
            try await database.ping()
            let execution = try database.taskExecution()
            let seen = Seen()
            // Ends only after others have ended. On a single thread nothing would ever end.
            let busy = Task(executorPreference: execution) {
                while seen.isBusy.load(ordering: .relaxed) { sched_yield() }
            }
            let others = (0..<4 * TaskExecution.waitingLimit).map { _ in
                Task(executorPreference: execution) { _ = seen.ended.add(1, ordering: .relaxed) }
            }
            // The thread may have taken as many tasks as may wait, together with the busy one.
            try await eventually("those without room have ended") {
                seen.ended.load(ordering: .relaxed) >= 2 * TaskExecution.waitingLimit
            }
            seen.isBusy.store(false, ordering: .relaxed)
            for task in others { await task.value }
            await busy.value
            #expect(seen.ended.load(ordering: .relaxed) == 4 * TaskExecution.waitingLimit)
        }
    }

    @Test func `tasks outlive the database, and hear that it is closed`() async throws {
        try await TestDatabase.use { database in
            try await database.ping()
            let execution = try database.taskExecution()
            let tasks = (0..<50).map { _ in
                Task(executorPreference: execution) {
                    while true { try await database.execute("SELECT 1") }
                }
            }
            await database.close()
            for task in tasks {
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                guard case .connectionLost = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            let late = Task(executorPreference: execution) { 1 }
            #expect(await late.value == 1)
        }
    }

    @Test func `tasks of a database that was closed unused end as well`() async throws {
        let database = try await TestDatabase.make()
        await database.close()
        let execution = try database.taskExecution()
        #expect(await Task(executorPreference: execution) { 1 }.value == 1)
    }
}
