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

    let channel: String
    private let stream: AsyncThrowingStream<Notification, any Error>.Continuation

    init(channel: String, stream: AsyncThrowingStream<Notification, any Error>.Continuation) {
        self.channel = channel
        self.stream = stream
    }

    var statement: SQL { "LISTEN \(identifier: channel)" }

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
