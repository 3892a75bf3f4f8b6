import Synchronization

/// Bytes of a body on their way from the one task that makes them to the I/O thread.
final class UploadBuffer: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isPaused = false
        var isFinished = false
        var isClosed = false
        var writer: CheckedContinuation<Void, Never>?
    }

    enum Portion: Equatable {
        case bytes(Int)
        /// Nothing is there yet. The next offer wakes the transfer.
        case later
        /// Nothing more will come.
        case never
    }

    /// The writer waits while this many bytes wait to be sent.
    static let capacity = 256 * 1024

    let length: Int
    private let state = Mutex(State())

    init(length: Int) { self.length = length }

    /// Takes the next bytes of the body, and returns when there is room for more.
    ///
    /// - Parameter resume: Called when the transfer waits for these bytes.
    /// - Returns: `false` when nobody wants more of them.
    func offer(_ bytes: [UInt8], resume: () -> Void) async throws -> Bool {
        let wasPaused = state.withLock { state in
            defer { state.isPaused = false }
            if !state.isClosed { state.bytes += bytes }
            return state.isPaused
        }
        if wasPaused { resume() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let mayGoOn = state.withLock { state in
                    guard state.bytes.count >= Self.capacity, !state.isClosed else { return true }
                    state.writer = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            close()
        }
        try Task.checkCancellation()
        return state.withLock { !$0.isClosed }
    }

    /// All of the body has been offered.
    func finish() { state.withLock { $0.isFinished = true } }

    /// The writer need not go on, and the transfer gets no more.
    func close() {
        let writer = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isClosed = true
            state.bytes = []
            defer { state.writer = nil }
            return state.writer
        }
        writer?.resume()
    }

    /// Fills `room` with what is there. Called by the I/O thread.
    func take(into room: UnsafeMutableRawBufferPointer) -> Portion {
        let (portion, writer) = state.withLock { state -> (Portion, CheckedContinuation<Void, Never>?) in
            if state.isClosed { return (.never, nil) }
            guard !state.bytes.isEmpty else {
                if state.isFinished { return (.never, nil) }
                state.isPaused = true
                return (.later, nil)
            }
            let count = min(room.count, state.bytes.count)
            room.copyBytes(from: state.bytes[..<count])
            state.bytes.removeFirst(count)
            guard state.bytes.count < Self.capacity else { return (.bytes(count), nil) }
            defer { state.writer = nil }
            return (.bytes(count), state.writer)
        }
        writer?.resume()
        return portion
    }
}
