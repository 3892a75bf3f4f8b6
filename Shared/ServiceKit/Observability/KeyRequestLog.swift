import Logging
import ServiceLifecycle
import SharedModels
import Synchronization

/// The requests that keys made of this service since they were last told to auth.
///
/// A request costs a lock and an entry here. What is more than fits is left out: this is for people who look for what
/// their program did, and must never slow that program down (docs/decisions/0046-a-key-has-a-log.md).
final class KeyRequestLog: Sendable {
    /// How many are kept until the next telling, of all keys and of one.
    static let most = 1000
    static let mostPerKey = 50

    private struct State {
        var notes: [KeyRequestNote] = []
        var counts: [APIKeyID: Int] = [:]
    }

    private let state = Mutex(State())
    /// Signals the first note of those that are here.
    let first = WakeUp()

    func note(
        _ key: APIKeyID, _ operation: SharedModels.Operation, _ exchange: Exchange, status: Int, at now: Timestamp
    ) {
        let note = KeyRequestNote(
            apiKeyID: key, at: now, method: operation.method.rawValue, path: operation.path, status: status,
            durationUs: exchange.duration.wholeMicroseconds, requestID: exchange.trace.requestID)
        let isFirst = state.withLock { state in
            let count = state.counts[key, default: 0]
            guard count < Self.mostPerKey, state.notes.count < Self.most else { return false }
            state.counts[key] = count + 1
            state.notes.append(note)
            return state.notes.count == 1
        }
        if isFirst { first.signal() }
    }

    /// Takes out what is there.
    func take() -> [KeyRequestNote] {
        state.withLock { state in
            defer { state = State() }
            return state.notes
        }
    }
}

/// Tells auth every few seconds which requests keys have made, as long as they make any, and once more in the end.
struct KeyRequestTelling: Service {
    static let pause = Duration.seconds(3)

    let log: KeyRequestLog
    let logger: Logger
    let tell: @Sendable ([KeyRequestNote]) async throws -> Void

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await log.first.wait()
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: Self.pause)
                // A cancelled task can call nobody.
                guard !Task.isCancelled else { break }
                await tellOnce()
            }
        }
        await tellOnce()
    }

    func tellOnce() async {
        let notes = log.take()
        guard !notes.isEmpty else { return }
        do {
            try await tell(notes)
        } catch {
            logger.debug("requests of keys were not told", metadata: ["count": "\(notes.count)", "error": "\(error)"])
        }
    }
}
