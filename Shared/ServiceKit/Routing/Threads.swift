import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Postgres

/// Which threads a service works on (decision 0015, docs/performance.md).
enum Threads {
    /// Half of the cores read and write sockets; the other half does the work of the requests. Call this before the
    /// first socket is opened.
    static func arrange() {
        NIOSingletons.groupLoopCountSuggestion = max(1, System.coreCount / 2)
    }
}

/// HTTP/1.1 whose requests are handled on the thread that talks to PostgreSQL, as long as that thread keeps up.
struct DatabaseThreadChannel: ServerChildChannel {
    let inner: HTTP1Channel
    let execution: TaskExecution

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        inner.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(execution) { await inner.handle(value: value, logger: logger) }
    }
}
