import Postgres
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: every wait ends, by a signal or when its time is over.
@Suite(.timeLimit(.minutes(20))) struct WakeUpTests {
    /// Requests wait like this: on the database's thread, while timers run on Swift's threads, which were asleep
    /// before. A timer's thread can then push the waiting one off its core before it waits.
    @Test func `a wait ends although its time may be over before it begins`() async throws {
        try await TestDatabase.use { database in
            await withTaskExecutorPreference(try database.taskExecution()) {
                let wakeUp = WakeUp()
                for _ in 0..<2000 {
                    #expect(await !wakeUp.wait(atMost: .zero))
                }
            }
        }
    }

    @Test func `a wait that a database times ends by a signal or its time`() async throws {
        try await TestDatabase.use { database in
            let wakeUp = WakeUp(timedBy: database)
            for _ in 0..<200 {
                #expect(await !wakeUp.wait(atMost: .zero))
                async let isSignalled = wakeUp.wait(atMost: .seconds(3600))
                wakeUp.signal()
                #expect(await isSignalled)
            }
        }
    }

    @Test func `a signal ends the wait, or the next one when nobody waits`() async {
        let wakeUp = WakeUp()
        wakeUp.signal()
        wakeUp.signal()
        #expect(await wakeUp.wait(atMost: .seconds(60)))
        #expect(await !wakeUp.wait(atMost: .zero))
        for _ in 0..<200 {
            async let isSignalled = wakeUp.wait(atMost: .seconds(60))
            wakeUp.signal()
            #expect(await isSignalled)
        }
    }

    @Test(arguments: [Duration.seconds(60), nil])
    func `a cancelled wait ends`(_ limit: Duration?) async {
        let wakeUp = WakeUp()
        let task = Task { await wakeUp.wait(atMost: limit) }
        task.cancel()
        #expect(await task.value)
    }

    @Test func `a wait without a limit ends by a signal`() async {
        let wakeUp = WakeUp()
        for _ in 0..<200 {
            async let isSignalled = wakeUp.wait()
            wakeUp.signal()
            #expect(await isSignalled)
        }
    }
}
