import Synchronization

/// How fast the events of one client are worked for.
struct SocketPace {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var last = ContinuousClock.now

    init(_ limits: SocketLimits) {
        perSecond = Double(limits.eventsPerSecond)
        burst = Double(limits.burst)
        tokens = burst
    }

    /// How long the next event must wait.
    mutating func wait() -> Duration {
        let now = ContinuousClock.now
        tokens = min(burst, tokens + (now - last) / .seconds(1) * perSecond) - 1
        last = now
        return tokens >= 0 ? .zero : .seconds(-tokens / perSecond)
    }
}
