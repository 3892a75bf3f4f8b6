import Foundation
import SharedModels
import Synchronization

/// Collects log lines and writes them to standard output, many at a time.
///
/// One `write(2)` per line costs more than the line (`docs/performance.md`); lines wait at most 50 ms, and at most
/// 1 MiB of them: beyond that they are written by whoever adds one. ``flush()`` is called before the process ends.
package final class LogOutput: Sendable {
    package static let standard = LogOutput(descriptor: 1)

    private struct State {
        var bytes: [UInt8] = []
        var isThreadStarted = false
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    /// Held while writing, so that lines keep their order.
    private let writing = Mutex(())

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    func write(line: borrowing JSONWriter) {
        let (isFull, mustStart) = line.withBytes { line in
            state.withLock { state in
                state.bytes.append(contentsOf: line)
                state.bytes.append(UInt8(ascii: "\n"))
                let mustStart = !state.isThreadStarted
                state.isThreadStarted = true
                return (state.bytes.count > 1 << 20, mustStart)
            }
        }
        if mustStart { startFlushing() }
        if isFull { flush() }
    }

    package func flush() {
        writing.withLock { _ in
            let bytes = state.withLock { state in
                let bytes = state.bytes
                state.bytes = []
                return bytes
            }
            var start = 0
            while start < bytes.count {
                let written = bytes.withUnsafeBytes {
                    Foundation.write(descriptor, $0.baseAddress! + start, $0.count - start)
                }
                // Standard output is gone: there is nobody to tell.
                guard written > 0 else { return }
                start += written
            }
        }
    }

    private func startFlushing() {
        let thread = Thread { [self] in
            while true {
                Thread.sleep(forTimeInterval: 0.05)
                flush()
            }
        }
        thread.name = "log"
        thread.stackSize = 256 * 1024
        thread.start()
    }
}
