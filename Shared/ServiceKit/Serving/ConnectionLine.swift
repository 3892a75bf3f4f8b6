import NIOCore

/// A task's way to the connection whose request it works for.
package struct ConnectionLine: Sendable {
    private let connection: NIOLoopBound<HTTPConnection>
    private let loop: any EventLoop

    init(_ connection: HTTPConnection, on loop: any EventLoop) {
        self.connection = NIOLoopBound(connection, eventLoop: loop)
        self.loop = loop
    }

    /// Sends a piece of a stream. Returns when the caller has taken enough of it for the next one.
    package func write(_ bytes: [UInt8]) async throws {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { connection.value.write(bytes, for: continuation) }
        }
    }

    /// Sends a piece of a stream that may be left out: it is when the caller is behind.
    func writeIfTaken(_ bytes: [UInt8]) {
        loop.execute { connection.value.writeIfTaken(bytes) }
    }

    /// Ends the stream that is being sent.
    func endStream() {
        loop.execute { connection.value.cancelStream() }
    }

    func body(atMost limit: Int) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                connection.value.read(for: .init(limit: limit, takesPieces: false, continuation: continuation))
            }
        }
    }

    /// What of the body is there next; nothing at its end.
    func piece(atMost limit: Int) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute {
                connection.value.read(for: .init(limit: limit, takesPieces: true, continuation: continuation))
            }
        }
    }

    /// Has the request answered, and sends the answer.
    func serve(_ request: IncomingRequest, by respond: @Sendable (IncomingRequest) async -> ServedAnswer) async {
        let isForHead = request.method == "HEAD"
        let answer = await respond(request)
        if case .webSocket(let listener) = answer.body {
            return loop.execute { connection.value.upgrade(answer, to: listener) }
        }
        guard let pieces = answer.pieces, !isForHead else {
            return loop.execute { connection.value.send(answer) }
        }
        loop.execute { connection.value.beginStream(answer, pieces, over: self) }
    }

    /// Sends the pieces of an answer whose head was sent.
    ///
    /// - Parameter mayEnd: Whether what was sent so far is a whole answer at any time.
    func send(_ produce: @Sendable (ConnectionLine) async throws -> Void, mayEnd: Bool) async {
        do {
            try await produce(self)
            end(isWhole: true)
        } catch {
            // Cancelled: the server shuts down, and what was sent so far of a stream is all.
            end(isWhole: mayEnd && error is CancellationError)
        }
    }

    private func end(isWhole: Bool) {
        loop.execute { connection.value.endStream(isWhole: isWhole) }
    }
}
