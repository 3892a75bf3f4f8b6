import ServiceKit
import Synchronization

/// Wakes the delivery engine. It tells news, which must be looked for in the database, from ends of attempts, which the
/// engine knows already.
final class EngineBell: Sendable {
    private let wakeUp = WakeUp()
    private let isNews = Mutex(true)

    /// Something new waits in a line.
    func signal() {
        isNews.withLock { $0 = true }
        wakeUp.signal()
    }

    /// An attempt has ended, or the engine is to stop.
    func nudge() { wakeUp.signal() }

    /// Whether there was news since this was asked last.
    func takeNews() -> Bool {
        isNews.withLock { isNews in
            defer { isNews = false }
            return isNews
        }
    }

    func wait(atMost limit: Duration) async { await wakeUp.wait(atMost: limit) }
}
