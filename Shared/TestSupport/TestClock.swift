import ServiceKit
import SharedModels
import Synchronization

/// A clock that stands still until a test moves it.
package final class TestClock: DomainClock {
    private let moment: Mutex<Timestamp>
    private let hooks = Mutex<[@Sendable () -> Void]>([])

    package init(_ start: Timestamp = .start) {
        moment = Mutex(start)
    }

    package var now: Timestamp { moment.withLock { $0 } }

    package func onAdvance(_ hook: @escaping @Sendable () -> Void) {
        hooks.withLock { $0.append(hook) }
    }

    package func advance(by span: Duration) {
        moment.withLock { $0 = $0 + span }
        for hook in hooks.withLock({ $0 }) { hook() }
    }
}

extension Timestamp {
    /// 2026-01-01T00:00:00Z, where a ``TestClock`` starts.
    package static let start = Timestamp(seconds: 1_767_225_600)
}
