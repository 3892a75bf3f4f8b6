import Logging
import ServiceLifecycle
import SharedModels
import Synchronization

/// Sends the events in the outbox to their destinations: at least once, and in order per aggregate.
///
/// One replica at a time serves a destination, batch after batch, under a lease that it gives back afterwards. A batch
/// is deleted when the destination has taken it, and sent again when that is uncertain. After a failure a destination
/// is left alone for a growing time; the others are not affected.
package final class OutboxRelay: Service {
    /// Sends a batch to a service, and returns when the service has taken it. Must end within half of ``Limits/lease``.
    package typealias Deliver = @Sendable (ServiceName, EventBatch) async throws -> Void

    package struct Limits: Sendable {
        /// Events in one request. Receivers accept 200.
        package var batch = 100
        /// How often the relay looks without a wake-up.
        package var poll = Duration.milliseconds(500)
        /// After this time another replica takes over from one that died. Twice the longest delivery.
        package var lease = Duration.seconds(16)
        /// The pause after the first failure. It doubles with each further failure up to `longestPause`; half of it is
        /// random.
        package var firstPause = Duration.milliseconds(250)
        package var longestPause = Duration.seconds(15)

        package init() {}
    }

    /// Guards the state that the loop and the drains share.
    private struct State {
        var draining: Set<ServiceName> = []
        var failures: [ServiceName: Int] = [:]
        var pausedUntil: [ServiceName: ContinuousClock.Instant] = [:]
        var isStopping = false
    }

    private let outbox: Outbox
    private let store: OutboxStore
    private let limits: Limits
    private let logger: Logger
    private let deliver: Deliver
    private let destinations: [ServiceName]
    private let holder: ClaimID
    private let state = Mutex(State())

    package init(
        outbox: Outbox, limits: Limits = Limits(), logger: Logger, deliver: @escaping Deliver
    ) {
        self.outbox = outbox
        store = OutboxStore(database: outbox.database)
        self.limits = limits
        self.logger = logger
        self.deliver = deliver
        destinations = ServiceName.allCases.filter { !Events.told(to: $0).isEmpty }
        holder = .make(at: outbox.clock.now)
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await relay()
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.outbox.wake()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func relay() async {
        var pace = Pace(longest: limits.poll)
        var gathering = Gathering()
        await withDiscardingTaskGroup { group in
            while !isStopping {
                for destination in await ready() {
                    group.addTask { await self.serve(destination) }
                }
                let isNews = await outbox.wakeUp.wait(atMost: pace.interval)
                pace.note(news: isNews)
                // Only cancellation cuts the wait short.
                try? await Task.sleep(for: gathering.pause(news: isNews))
            }
        }
    }

    /// The destinations to drain now. They are marked as being drained.
    private func ready() async -> [ServiceName] {
        let pending: [ServiceName]
        do {
            pending = try await store.pending(among: destinations)
        } catch {
            if !isStopping { logger.warning("the outbox cannot be read", metadata: ["error": "\(error)"]) }
            return []
        }
        return state.withLock { state in
            let now = ContinuousClock.now
            let ready = pending.filter { !state.draining.contains($0) && (state.pausedUntil[$0] ?? now) <= now }
            state.draining.formUnion(ready)
            return ready
        }
    }

    private func serve(_ destination: ServiceName) async {
        do {
            try await drain(destination)
            state.withLock { state in
                state.draining.remove(destination)
                state.failures[destination] = nil
            }
        } catch {
            let pause = state.withLock { state in
                state.draining.remove(destination)
                let failures = state.failures[destination, default: 0]
                state.failures[destination] = failures + 1
                let longest = min(limits.firstPause * (1 << min(failures, 16)), limits.longestPause)
                let pause = longest * Double.random(in: 0.5...1)
                state.pausedUntil[destination] = .now + pause
                return pause
            }
            guard !Task.isCancelled else { return }
            logger.warning(
                "events were not taken",
                metadata: ["destination": "\(destination)", "error": "\(error)", "pause": "\(pause)"])
        }
    }

    /// Sends everything for `destination`, unless another replica is doing it.
    private func drain(_ destination: ServiceName) async throws {
        guard try await store.claim(destination, for: holder, lease: limits.lease) else { return }
        do {
            var limit = limits.batch
            while !isStopping {
                let entries = try await store.first(limit, for: destination)
                guard !entries.isEmpty else { break }
                limit = try await hand(entries, to: destination)
                guard try await store.claim(destination, for: holder, lease: limits.lease) else { return }
            }
        } catch {
            await release(destination)
            throw error
        }
        await release(destination)
    }

    /// Sends the events that can be read. Unreadable ones become dead letters.
    ///
    /// When a destination refuses a batch because of its content, the next batch is half as large, until the refused
    /// event is found.
    ///
    /// - Returns: How many to send next.
    private func hand(_ entries: [OutboxStore.Entry], to destination: ServiceName) async throws -> Int {
        var (events, positions): ([JSONValue], [Int64]) = ([], [])
        for entry in entries {
            switch entry.event {
            case .success(let event):
                events.append(event.json)
                positions.append(entry.position)
            case .failure(let error):
                try await bury(entry.position, for: destination, reason: "the row cannot be read: \(error)")
            }
        }
        guard !events.isEmpty else { return limits.batch }
        do {
            try await deliver(destination, EventBatch(events: events))
        } catch let refusal as PeerRefusal where refusal.isAboutTheBody {
            guard events.count == 1 else { return max(1, entries.count / 2) }
            try await bury(
                positions[0], for: destination, reason: "\(destination) does not take it: \(refusal.publicMessage)")
            return limits.batch
        }
        try await store.delete(positions, for: destination)
        return min(limits.batch, entries.count * 2)
    }

    private func bury(_ position: Int64, for destination: ServiceName, reason: String) async throws {
        logger.error(
            "an event cannot be sent and is a dead letter",
            metadata: ["destination": "\(destination)", "position": "\(position)", "reason": "\(reason)"])
        try await store.bury(position, for: destination, reason: reason, at: outbox.clock.now)
    }

    /// Gives the lease back, even in a cancelled task. If that fails, the lease expires.
    private func release(_ destination: ServiceName) async {
        await Task { try? await store.release(destination, of: holder) }.value
    }
}

/// How long to collect news, so that one look serves all of it. The longer news keeps arriving, the longer it collects.
private struct Gathering {
    private static let shortest = Duration.milliseconds(2)
    private static let longest = Duration.milliseconds(16)
    private var next = shortest

    mutating func pause(news isNews: Bool) -> Duration {
        defer { next = isNews ? min(next * 2, Self.longest) : Self.shortest }
        return next
    }
}

extension PeerRefusal {
    /// Whether a repeat of the same body would be refused too.
    fileprivate var isAboutTheBody: Bool { [400, 413, 422].contains(status) }
}
