import NIOCore
import NIOPosix

/// Which threads a service works on (decision 0015, docs/performance.md).
enum Threads {
    /// Half of the cores read and write sockets; the other half does the work of the requests. Call this before the
    /// first socket is opened.
    static func arrange() {
        NIOSingletons.groupLoopCountSuggestion = max(1, System.coreCount / 2)
    }
}
