import Glibc
import SharedModels

/// The only source of time for everything that a user can see: deadlines, timestamps, schedules.
package protocol DomainClock: Sendable {
    var now: Timestamp { get }

    /// Calls `hook` each time the clock has jumped, so that code that waits for a moment can look again.
    func onAdvance(_ hook: @escaping @Sendable () -> Void)
}

extension DomainClock {
    /// For clocks that never jump.
    package func onAdvance(_: @escaping @Sendable () -> Void) {}
}

/// The system's time in UTC.
package struct SystemClock: DomainClock {
    package init() {}

    package var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
