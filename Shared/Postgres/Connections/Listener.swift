/// What a subscriber to a `NOTIFY` channel receives.
package enum Notification: Sendable, Equatable {
    /// PostgreSQL listens from now on. This comes first, and again after each reconnection: messages sent before it may
    /// have been missed.
    case listening
    case message(String)
}

/// One subscription to one channel.
final class Listener: Sendable {
    /// How many messages may wait for a slow reader. One more ends its stream.
    static let bufferLimit = 4096

    /// How the connection is asked whether it still is there.
    struct Watch: Sendable {
        let question: SQL
        /// From the start of one question to the start of the next.
        let pause: Duration
        /// How long it may take to answer.
        let patience: Duration
    }

    let channel: String
    /// `nil` when the connection's end is noticed only if the network tells of it.
    let watch: Watch?
    private let stream: AsyncThrowingStream<Notification, any Error>.Continuation

    init(
        channel: String, watch: Watch? = nil, stream: AsyncThrowingStream<Notification, any Error>.Continuation
    ) {
        self.channel = channel
        self.watch = watch
        self.stream = stream
    }

    var statement: SQL { "LISTEN \(identifier: channel)" }
    /// Any answer will do.
    static let question: SQL = "SELECT"

    /// A reader that falls too far behind gets ``PostgresError/overloaded``.
    func yield(_ notification: Notification) {
        if case .dropped = stream.yield(notification) {
            stream.finish(throwing: PostgresError.overloaded)
        }
    }

    func finish() {
        stream.finish()
    }
}
