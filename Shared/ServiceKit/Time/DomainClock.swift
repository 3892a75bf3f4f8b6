import Foundation
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

    /// Exact to the microsecond: a `Double` has 52 bits, of which the seconds since 1970 take 31.
    package var now: Timestamp {
        Timestamp(microseconds: Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down)))
    }
}
