import Glibc

/// A moment on the machine's monotonic clock, which only measures waiting.
struct MonotonicTime: Comparable, Sendable {
    let nanoseconds: UInt64

    static let distantFuture = Self(nanoseconds: .max)

    static var now: Self {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Self(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    static func + (moment: Self, span: Duration) -> Self {
        let nanoseconds = max(span / .nanoseconds(1), 0)
        return Self(nanoseconds: moment.nanoseconds &+ UInt64(min(nanoseconds, 1e18)))
    }

    static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// Whole milliseconds from `now` until this moment, rounded up, at most a minute: a time-out for
    /// `epoll_wait`.
    func milliseconds(from now: Self) -> Int32 {
        guard self > now else { return 0 }
        return Int32(min((nanoseconds - now.nanoseconds + 999_999) / 1_000_000, 60_000))
    }
}
