import Glibc
import Synchronization

/// Random numbers from the operating system, fetched many at a time: a system call per id would cost more than the rest
/// of making the id. Only for ids, which just need to differ; secrets are drawn one at a time.
final class RandomWords: Sendable {
    static let shared = RandomWords()

    private struct State {
        var words = [UInt64](repeating: 0, count: 32)
        var used = 32
    }

    private let state = Mutex(State())

    func next() -> UInt64 {
        state.withLock { state in
            if state.used == state.words.count {
                state.words.withUnsafeMutableBytes { bytes in
                    // getentropy(3) delivers up to 256 bytes whole. It fails only when there is no random source.
                    guard let start = bytes.baseAddress, getentropy(start, bytes.count) == 0 else {
                        preconditionFailure("the operating system gives no random numbers")
                    }
                }
                state.used = 0
            }
            defer { state.used += 1 }
            return state.words[state.used]
        }
    }
}
