import Testing

@testable import ServiceKit

/// The promise under test: a wait ends, by a signal or when its time is over.
@Suite(.timeLimit(.minutes(1))) struct WakeUpTests {
    @Test(arguments: [Duration.zero, .nanoseconds(1), .microseconds(50)])
    func `a wait ends although its time may be over before it begins`(limit: Duration) async {
        let wakeUp = WakeUp()
        for _ in 0..<2000 {
            #expect(await !wakeUp.wait(atMost: limit))
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

    @Test func `a cancelled wait ends`() async {
        let wakeUp = WakeUp()
        let task = Task { await wakeUp.wait(atMost: .seconds(60)) }
        task.cancel()
        #expect(await task.value)
    }
}
