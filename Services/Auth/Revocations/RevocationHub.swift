import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels
import Synchronization

/// Passes the announcements of all replicas of auth on to every service that listens to this replica.
///
/// Heartbeats take the same way through PostgreSQL. When it is cut, the services hear nothing and stop trusting what
/// they remember.
final class RevocationHub: Service {
    /// A quarter of what services wait for before they trust nothing (``RevocationFeed/patience``), from start to start.
    private static let beatInterval = Duration.milliseconds(500)
    private static let pauseAfterFailure = Duration.seconds(1)
    /// A service that is this far behind is disconnected: it forgets everything and connects again.
    private static let bufferLimit = 1024

    private struct State {
        var isListening = false
        var nextNumber = 0
        var streams: [Int: AsyncStream<OutgoingEvent>.Continuation] = [:]
    }

    private let database: Database
    private let store: RevocationStore
    private let logger: Logger
    private let state = Mutex(State())

    init(database: Database, store: RevocationStore, logger: Logger) {
        self.database = database
        self.store = store
        self.logger = logger
    }

    /// All announcements from now on, beginning with a heartbeat.
    ///
    /// - Throws: 503 while this replica itself receives nothing.
    func subscribe() throws -> AsyncStream<OutgoingEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: OutgoingEvent.self, bufferingPolicy: .bufferingOldest(Self.bufferLimit))
        let number = state.withLock { state -> Int? in
            guard state.isListening else { return nil }
            state.nextNumber += 1
            state.streams[state.nextNumber] = continuation
            return state.nextNumber
        }
        guard let number else { throw Refusal.unavailable(retryAfter: .seconds(1)) }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.streams.removeValue(forKey: number) }
        }
        continuation.yield(.heartbeat)
        return stream
    }

    /// Listens and beats until the process shuts down.
    func run() async throws {
        let execution = try database.taskExecution()
        await cancelWhenGracefulShutdown {
            // A beat comes and goes by the thread of the connections, which needs no other for it.
            await withTaskExecutorPreference(execution) { await self.listen() }
        }
        endStreams()
    }

    private func listen() async {
        while !Task.isCancelled {
            do {
                for try await notification in store.messages(on: database, beatEvery: Self.beatInterval) {
                    pass(notification)
                }
            } catch {
                logger.warning("revocations of other replicas cannot be received", metadata: ["error": "\(error)"])
            }
            endStreams()
            // A cancelled wait needs no handling: the loop's condition ends it.
            try? await Task.sleep(for: Self.pauseAfterFailure)
        }
    }

    private func pass(_ notification: Notification) {
        switch notification {
        case .listening:
            // Something may have been missed during a break, so every service must connect again.
            endStreams()
            state.withLock { $0.isListening = true }
        case .message(RevocationStore.beat):
            send(.heartbeat)
        case .message(let text):
            guard let revocation = Revocation(json: text) else { return endStreams() }
            send(OutgoingEvent(event: Revocation.eventName, data: revocation.value))
        }
    }

    private func send(_ event: OutgoingEvent) {
        for stream in state.withLock({ Array($0.streams.values) }) {
            if case .dropped = stream.yield(event) { stream.finish() }
        }
    }

    private func endStreams() {
        let streams = state.withLock { state in
            defer { state.streams = [:] }
            state.isListening = false
            return Array(state.streams.values)
        }
        for stream in streams { stream.finish() }
    }
}
