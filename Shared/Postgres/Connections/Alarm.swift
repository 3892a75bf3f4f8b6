import Synchronization

/// A call that the I/O thread makes at a time, once. It is one wake-up of that thread, which then often does at once what is
/// to be done. A task that sleeps wakes Dispatch's thread, and that one or two others.
package final class Alarm: Sendable {
    let due: MonotonicTime
    private let call: Mutex<(@Sendable () -> Void)?>

    init(at due: MonotonicTime, _ call: @escaping @Sendable () -> Void) {
        self.due = due
        self.call = Mutex(call)
    }

    /// A late cancellation does nothing.
    package func cancel() { _ = take() }

    var isOver: Bool { call.withLock { $0 == nil } }

    func ring() { take()?() }

    private func take() -> (@Sendable () -> Void)? { call.withLock { $0.take() } }
}

extension Database {
    /// Has `call` made when `span` has passed. It must not block: it runs on the thread of the connections.
    package func alarm(after span: Duration, _ call: @escaping @Sendable () -> Void) -> Alarm {
        let alarm = Alarm(at: .now + span, call)
        do throws(PostgresError) {
            try submit(.set(alarm))
        } catch {
            // The thread has ended, or never begins.
            Task {
                // Nobody cancels it.
                try? await Task.sleep(for: span)
                alarm.ring()
            }
        }
        return alarm
    }
}
