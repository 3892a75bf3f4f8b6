import Synchronization

/// Bytes on their way from the I/O thread to the one task that reads a stream.
final class StreamBuffer: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isPaused = false
        var end: Result<Void, any Error>?
        var reader: CheckedContinuation<[UInt8]?, any Error>?
    }

    /// The transfer is paused while this many bytes wait to be read.
    static let capacity = 256 * 1024

    private let state = Mutex(State())

    /// Takes `bytes`, unless too many are waiting already.
    ///
    /// - Returns: Whether they were taken. If not, the transfer must pause and offer them again.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (taken, reader) = state.withLock {
            state -> (Bool, CheckedContinuation<[UInt8]?, any Error>?) in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            guard state.bytes.isEmpty || state.bytes.count + bytes.count <= Self.capacity else {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes.append(contentsOf: bytes)
            return (true, nil)
        }
        reader?.resume(returning: Array(bytes))
        return taken
    }

    /// Ends the stream after the waiting bytes. Only the first end counts.
    func finish(_ result: Result<Void, any Error>) {
        let reader = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
            guard state.end == nil else { return nil }
            guard let reader = state.reader else {
                state.end = result
                return nil
            }
            state.end = .success(())
            state.reader = nil
            return reader
        }
        reader?.resume(with: result.map { nil })
    }

    /// The bytes that arrived since the last call, or else the next ones to arrive. One reader at a time.
    ///
    /// - Parameter resume: Called when the transfer was paused and may go on.
    /// - Returns: `nil` at the end.
    func next(resume: () -> Void) async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            let (ready, wasPaused) = state.withLock {
                state -> (Result<[UInt8]?, any Error>?, Bool) in
                defer { state.isPaused = false }
                if !state.bytes.isEmpty {
                    defer { state.bytes = [] }
                    return (.success(state.bytes), state.isPaused)
                }
                if let end = state.end {
                    state.end = .success(())
                    return (end.map { nil }, false)
                }
                precondition(state.reader == nil, "a stream has one reader")
                state.reader = continuation
                return (nil, false)
            }
            if wasPaused { resume() }
            if let ready { continuation.resume(with: ready) }
        }
    }
}
