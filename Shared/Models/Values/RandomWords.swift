import Glibc
import Synchronization

/// Random numbers of the operating system, fetched many at a time: one system call for each id would cost more than
/// the rest of making it. For ids, which need to differ; secrets are drawn one by one.
final class RandomWords: Sendable {
    static let shared = RandomWords()

    private struct State {
        var words = [UInt64](repeating: 0, count: 32)
        var used = 32
    }

    private let state = Mutex(State())

    func pair() -> (UInt64, UInt64) {
        state.withLock { state in
            if state.used == state.words.count {
                state.words.withUnsafeMutableBytes { bytes in
                    // Up to 256 bytes come whole, or there is no random source at all (getentropy(3)).
                    guard let start = bytes.baseAddress, getentropy(start, bytes.count) == 0 else {
                        preconditionFailure("the operating system gives no random numbers")
                    }
                }
                state.used = 0
            }
            defer { state.used += 2 }
            return (state.words[state.used], state.words[state.used + 1])
        }
    }
}
