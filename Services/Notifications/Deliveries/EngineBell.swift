import Postgres
import ServiceKit
import Synchronization

/// Wakes the delivery engine. It tells news, which must be looked for in the database, from ends of attempts, which the
/// engine knows already.
final class EngineBell: Sendable {
    private let wakeUp: WakeUp
    private let news = Mutex(News.anywhere)

    init(database: Database) {
        wakeUp = WakeUp(timedBy: database)
    }

    /// Where something new waits.
    enum News: Sendable, Equatable {
        /// In these lines.
        case lines(Set<LineID>)
        /// In any.
        case anywhere
    }

    func signal() {
        news.withLock { $0 = .anywhere }
        wakeUp.signal()
    }

    func signal(for ids: [LineID]) {
        guard !ids.isEmpty else { return }
        news.withLock { news in
            if case .lines(let known) = news { news = .lines(known.union(ids)) }
        }
        wakeUp.signal()
    }

    /// An attempt has ended, or the engine is to stop.
    func nudge() { wakeUp.signal() }

    /// The news since this was asked last.
    func takeNews() -> News {
        news.withLock { news in
            defer { news = .lines([]) }
            return news
        }
    }

    /// - Returns: `false` when `limit` has passed without news.
    @discardableResult
    func wait(atMost limit: Duration) async -> Bool { await wakeUp.wait(atMost: limit) }
}
