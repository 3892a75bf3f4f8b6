import Dispatch
import Foundation
import SharedModels
import Synchronization

/// Collects log lines and writes many at a time to standard output.
///
/// One `write(2)` per line costs more than the line (`docs/performance.md`). Lines wait at most 50 ms. When more than 1
/// MiB waits, the task that adds a line writes them. ``flush()`` is called before the process ends. While standard
/// output accepts nothing, up to 8 MiB are kept. Lines beyond that are dropped, and a later line tells their number.
package final class LogOutput: Sendable {
    package static let standard = LogOutput(descriptor: 1)

    private static let fullBuffer = 1 << 20
    /// How much is kept while standard output accepts nothing.
    private static let limit = 8 << 20

    private struct State {
        var bytes: [UInt8] = []
        /// How many further bytes are being written.
        var byteCountUnderWay = 0
        var droppedLines = 0
        var isThreadStarted = false
        /// Whether the thread knows that there is something to write.
        var isToldOfLines = false
    }

    /// Like `write(2)`: the number of bytes written, or -1 and the reason in `errno`.
    typealias Write = @Sendable (UnsafeRawBufferPointer) -> Int

    private let descriptor: Int32
    private let write: Write
    /// How long one attempt waits for a slow reader.
    private let patience: Duration
    private let state = Mutex(State())
    /// Held while writing, so that lines keep their order.
    private let writing = Mutex(())
    /// Rung when the thread has something to write. Without lines it sleeps.
    private let bell = DispatchSemaphore(value: 0)

    convenience init(descriptor: Int32) {
        self.init(descriptor: descriptor) { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    }

    init(descriptor: Int32, patience: Duration = .seconds(1), write: @escaping Write) {
        self.descriptor = descriptor
        self.patience = patience
        self.write = write
    }

    func write(line: borrowing JSONWriter) {
        let (isFull, mustStart, mustTell) = line.withBytes { line in
            state.withLock { state in
                if state.bytes.count + state.byteCountUnderWay + line.count < Self.limit {
                    state.bytes.append(contentsOf: line)
                    state.bytes.append(UInt8(ascii: "\n"))
                } else {
                    state.droppedLines += 1
                }
                let (mustStart, mustTell) = (!state.isThreadStarted, !state.isToldOfLines)
                state.isThreadStarted = true
                state.isToldOfLines = true
                return (state.bytes.count > Self.fullBuffer, mustStart, mustTell)
            }
        }
        if mustStart { startFlushing() }
        if mustTell { bell.signal() }
        // One caller writes; the others continue at once.
        if isFull { _ = writing.withLockIfAvailable { _ in writeOut() } }
    }

    package func flush() {
        writing.withLock { _ in writeOut() }
    }

    /// Writes what there is, and keeps the rest for the next time.
    private func writeOut() {
        let bytes = state.withLock { state in
            defer { (state.bytes, state.byteCountUnderWay) = ([], state.bytes.count) }
            return state.bytes
        }
        let written = writeAll(bytes)
        state.withLock { state in
            state.byteCountUnderWay = 0
            if written < bytes.count {
                state.bytes.insert(contentsOf: bytes[written...], at: 0)
            } else if state.droppedLines > 0 {
                // The lines that were dropped belong after those written now and before those added later.
                state.bytes.insert(contentsOf: Self.notice(ofDropped: state.droppedLines), at: 0)
                state.droppedLines = 0
            }
        }
    }

    /// - Returns: How many bytes were written or given up.
    private func writeAll(_ bytes: [UInt8]) -> Int {
        let end = ContinuousClock.now + patience
        var start = 0
        while start < bytes.count {
            let written = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            if written > 0 {
                start += written
                continue
            }
            switch errno {
            // A signal interrupted the write.
            case EINTR: continue
            // A non-blocking pipe is full.
            case EAGAIN:
                guard ContinuousClock.now < end else { return start }
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&watched, 1, 100)
            // Standard output is closed, so nobody can be told.
            default: return bytes.count
            }
        }
        return start
    }

    private static func notice(ofDropped count: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        writer.key("time"); writer.value(SystemClock().now)
        writer.key("level"); writer.value("error")
        writer.key("message"); writer.value("log lines dropped")
        writer.key("lines"); writer.value(count)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private func startFlushing() {
        let thread = Thread { [self] in
            while true {
                bell.wait()
                Thread.sleep(forTimeInterval: 0.05)
                state.withLock { $0.isToldOfLines = false }
                flush()
                let isSomethingLeft = state.withLock { state in
                    guard !state.bytes.isEmpty, !state.isToldOfLines else { return false }
                    state.isToldOfLines = true
                    return true
                }
                if isSomethingLeft { bell.signal() }
            }
        }
        thread.name = "log"
        thread.stackSize = 256 * 1024
        thread.start()
    }
}
