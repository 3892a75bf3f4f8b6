import Logging
import Postgres
import ServiceLifecycle
import SharedModels
import Synchronization

/// Where it is told that there is news for streams: a channel of PostgreSQL, which reaches every replica.
package struct StreamChannel: Sendable {
    /// As many topics fit into one message of PostgreSQL (8,000 bytes).
    private static let topicsPerMessage = 200
    fileprivate static let separator: Character = ","

    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    /// Wakes the streams of these topics when `tx` commits.
    package func ring<Kind>(for topics: [Identifier<Kind>], in tx: Transaction) async throws {
        var rest = topics[...]
        while !rest.isEmpty {
            let message = rest.prefix(Self.topicsPerMessage).map { "\($0)" }.joined(separator: String(Self.separator))
            _ = try await tx.rows("SELECT pg_notify(\(name), \(message))")
            rest = rest.dropFirst(Self.topicsPerMessage)
        }
    }
}

/// What a stream is about, by its id: an account, a conversation.
private enum StreamTopicKind: IdentifierKind { static let prefix = "topic" }
private typealias StreamTopic = Identifier<StreamTopicKind>

/// Wakes the streams of one process when there is news of their topic.
///
/// One connection listens for all of them, and a waiting stream is no more than an entry. The news itself is read from
/// the tables: so a ring that comes too often, or after a break, costs a look and nothing else.
package final class StreamBell: Service {
    private static let pauseAfterFailure = Duration.milliseconds(500)
    /// How soon streams read the tables again after a loss of the connection that nothing tells of.
    private static let lossLimit = Duration.seconds(2)

    private struct State {
        var seats: [StreamTopic: [Int: Ear]] = [:]
        var taken = 0
    }

    /// One ring can wake thousands of streams. So many of them look at the tables at a time, and the others wait.
    fileprivate let looks = Turnstile(width: 32, limit: .max)
    private let channel: StreamChannel
    private let database: Database
    private let logger: Logger
    private let state = Mutex(State())

    package init(_ channel: StreamChannel, database: Database, logger: Logger) {
        self.channel = channel
        self.database = database
        self.logger = logger
    }

    /// A place to wait for news of `topic`. Look once after this: what came before does not ring.
    package func seat<Kind>(for topic: Identifier<Kind>) -> StreamSeat {
        let ear = Ear()
        let topic = StreamTopic(topic.uuid)
        let number = state.withLock { state in
            state.taken += 1
            state.seats[topic, default: [:]][state.taken] = ear
            return state.taken
        }
        return StreamSeat(ear: ear, bell: self, topic: topic, number: number)
    }

    /// Listens until the process shuts down.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let news = self.database.listen(self.channel.name, noticingLossWithin: Self.lossLimit)
                    for try await notification in news { self.pass(notification) }
                } catch {
                    self.logger.warning("news for streams cannot be received", metadata: ["error": "\(error)"])
                }
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: Self.pauseAfterFailure)
            }
        }
    }

    private func pass(_ notification: Notification) {
        switch notification {
        // Something may have been missed.
        case .listening: ring { $0.seats.values.flatMap(\.values) }
        case .message(let text):
            ring { state in
                text.split(separator: StreamChannel.separator).flatMap { topic in
                    StreamTopic(topic).flatMap { state.seats[$0] }.map { Array($0.values) } ?? []
                }
            }
        }
    }

    private func ring(_ ears: (State) -> [Ear]) {
        for ear in state.withLock({ ears($0) }) { ear.ring() }
    }

    fileprivate func leave(_ topic: StreamTopic, _ number: Int) {
        state.withLock { state in
            state.seats[topic]?[number] = nil
            if state.seats[topic]?.isEmpty == true { state.seats[topic] = nil }
        }
    }
}

/// One stream's place at the bell. It is given up with its last reference.
package final class StreamSeat: Sendable {
    private let ear: Ear
    private let bell: StreamBell
    private let topic: StreamTopic
    private let number: Int

    fileprivate init(ear: Ear, bell: StreamBell, topic: StreamTopic, number: Int) {
        (self.ear, self.bell, self.topic, self.number) = (ear, bell, topic, number)
    }

    deinit { bell.leave(topic, number) }

    /// Waits until the bell rings. A ring while nobody waited counts. One task may wait at a time.
    ///
    /// - Throws: `CancellationError`.
    package func wait() async throws {
        await withTaskCancellationHandler {
            await ear.wait()
        } onCancel: {
            ear.ring()
        }
        try Task.checkCancellation()
    }

    /// Looks at the tables, in a task whose memory goes with it: a stream is to cost little while it waits, and a task
    /// keeps to its end what it once needed for its calls.
    func look<News: Sendable>(_ body: @escaping @Sendable () async throws -> News) async throws -> News {
        try await bell.looks.pass {
            try await withThrowingTaskGroup(of: News.self) { group in
                group.addTask { try await body() }
                guard let news = try await group.next() else { throw CancellationError() }
                return news
            }
        }
    }
}

private final class Ear: Sendable {
    private struct State {
        var isRung = false
        var waiter: UnsafeContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter.take() else {
                state.isRung = true
                return UnsafeContinuation<Void, Never>?.none
            }
            return waiter
        }
        waiter?.resume()
    }

    func wait() async {
        await withUnsafeContinuation { waiter in
            let isRung = state.withLock { state in
                if state.isRung {
                    state.isRung = false
                    return true
                }
                state.waiter = waiter
                return false
            }
            if isRung { waiter.resume() }
        }
    }
}
