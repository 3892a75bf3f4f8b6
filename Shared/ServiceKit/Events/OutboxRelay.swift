import Logging
import Postgres
import ServiceLifecycle
import SharedModels
import Synchronization

/// Sends the events in the outbox to their destinations: at least once, and in order per aggregate.
///
/// One replica at a time serves a destination, batch after batch, under a lease (``OutboxDrain``, ``OutboxLease``). A
/// batch is deleted when the destination has taken it, and sent again when that is uncertain. A replica that has
/// committed events which another one sends rings for that one. After a failure a destination is left alone for a
/// growing time; the others are not affected.
package final class OutboxRelay: Service {
    /// Sends a batch to a service, and returns when the service has taken it.
    package typealias Deliver = @Sendable (ServiceName, EventBatch) async throws -> Void

    package struct Limits: Sendable {
        /// Events in one request. Receivers accept 200.
        package var batch = 100
        /// Bytes of one request, roughly. A larger event is sent alone.
        package var bytes = 512 << 10
        /// How often the relay looks without a wake-up, and how often after a while without events: then it looks only
        /// for what a replica left that died.
        package var poll = Duration.milliseconds(500)
        package var idlePoll = Duration.seconds(2)
        /// After this time another replica takes over from one that died.
        package var lease = Duration.seconds(4)
        /// How often it is renewed during a delivery. Several times shorter than the lease.
        package var renewal = Duration.seconds(1)
        /// After so long without an event it gives the lease back.
        package var lingering = Duration.seconds(1)
        /// The pause after the first failure. It doubles with each further failure up to `longestPause`; half of it is
        /// random.
        package var firstPause = Duration.milliseconds(250)
        package var longestPause = Duration.seconds(2)
        /// How long an event may be refused until it is set aside, and how long it waits between two tries.
        package var patience = Duration.seconds(300)
        package var refusalPause = Duration.seconds(20)

        package init() {}
    }

    /// Guards the state that the loop and the drains share.
    private struct State {
        var draining: Set<ServiceName> = []
        /// Where there was news while it was being drained, perhaps too late for that.
        var missed: Set<ServiceName> = []
        /// Which another replica served when there was something to send.
        var contended: Set<ServiceName> = []
        var failures: [ServiceName: Int] = [:]
        var pausedUntil: [ServiceName: ContinuousClock.Instant] = [:]
        /// Whether the last look could read the outbox.
        var canRead = true
        var isStopping = false
    }

    private let outbox: Outbox
    private let store: OutboxStore
    private let limits: Limits
    private let logger: Logger
    private let deliver: Deliver
    private let destinations: Set<ServiceName>
    private let leases: [ServiceName: OutboxLease]
    private let state = Mutex(State())

    package init(
        outbox: Outbox, limits: Limits = Limits(), logger: Logger, deliver: @escaping Deliver
    ) {
        self.outbox = outbox
        let store = OutboxStore(database: outbox.database)
        self.store = store
        self.limits = limits
        self.logger = logger
        self.deliver = deliver
        let holder = ClaimID.make(at: outbox.clock.now)
        let destinations = Set(ServiceName.allCases.filter { !Events.told(to: $0).isEmpty })
        self.destinations = destinations
        leases = Dictionary(
            uniqueKeysWithValues: destinations.map {
                ($0, OutboxLease($0, for: holder, store: store, length: limits.lease, renewal: limits.renewal))
            })
    }

    package func run() async throws {
        let execution = try outbox.database.taskExecution()
        await withGracefulShutdownHandler {
            // A look is a wake-up and a question: both belong to the thread of the connections.
            await withTaskExecutorPreference(execution) { await relay() }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.outbox.wake()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func relay() async {
        var gathering = Gathering()
        let hearing = Task { await hear() }
        defer { hearing.cancel() }
        await withDiscardingTaskGroup { group in
            var nextLook = ContinuousClock.now
            while !isStopping {
                let isLook = nextLook <= .now
                let begin = ContinuousClock.now
                for destination in await ready(looking: isLook) {
                    group.addTask(executorPreference: globalConcurrentExecutor) { await self.serve(destination) }
                }
                if isLook {
                    await releaseIdle()
                    nextLook = .now + pause(since: begin)
                }
                let isNews = await outbox.news.wait(atMost: max(.zero, nextLook - .now))
                if isNews { nextLook = min(nextLook, .now + limits.poll) }
                let gather = gathering.pause(news: isNews)
                // Only cancellation cuts the wait short.
                if isNews { try? await Task.sleep(for: gather) }
            }
        }
        for lease in leases.values { await lease.release() }
    }

    /// Takes the news of the other replicas, until its task is cancelled.
    private func hear() async {
        while !Task.isCancelled {
            do {
                for try await notification in outbox.database.listen(OutboxStore.channel) {
                    switch notification {
                    // Something may have been missed.
                    case .listening: outbox.news.tell(of: leases.values.filter(\.isHeld).map(\.destination))
                    case .message(let name):
                        guard let destination = ServiceName(rawValue: name), leases[destination]?.isHeld == true
                        else { continue }
                        outbox.news.tell(of: [destination])
                    }
                }
            } catch {
                logger.warning("other replicas cannot be heard", metadata: ["error": "\(error)"])
            }
            // Only cancellation cuts it short.
            try? await Task.sleep(for: limits.longestPause)
        }
    }

    /// How long to wait after the look that began at `begin`.
    private func pause(since begin: ContinuousClock.Instant) -> Duration {
        guard isIdle else { return limits.poll }
        let idle = limits.idlePoll * Double.random(in: 0.75...1)
        // What could not be sent is tried again as soon as its pause is over.
        let tried = state.withLock { $0.pausedUntil.values.filter { $0 > begin }.min() }
        return tried.map { min(idle, max(.zero, $0 - .now)) } ?? idle
    }

    /// Whether there is nothing to send but what waits for its next try, or what a replica left that died. Who holds a
    /// lease looks for the others, too.
    private var isIdle: Bool {
        state.withLock { $0.draining.isEmpty && $0.contended.isEmpty && $0.canRead }
            && !leases.values.contains(where: \.isHeld)
    }

    private func releaseIdle() async {
        for (destination, lease) in leases where lease.isIdle(for: limits.lingering) {
            guard state.withLock({ !$0.draining.contains(destination) }) else { continue }
            await lease.release()
        }
    }

    /// The destinations to drain now: those of which there was news, or all that have events waiting. They are marked as
    /// being drained.
    private func ready(looking isLook: Bool) async -> [ServiceName] {
        let told = outbox.news.take()
        var waiting = (told ?? []).filter { leases[$0] != nil }.sorted { $0.rawValue < $1.rawValue }
        if isLook || told == nil { waiting = await pending() }
        return state.withLock { state in
            let now = ContinuousClock.now
            state.missed.formUnion(state.draining.intersection(told ?? Set(waiting)))
            let ready = waiting.filter { !state.draining.contains($0) && (state.pausedUntil[$0] ?? now) <= now }
            state.draining.formUnion(ready)
            return ready
        }
    }

    /// The destinations that have events waiting.
    private func pending() async -> [ServiceName] {
        var pending: [ServiceName] = []
        var canRead = true
        do {
            for name in try await store.destinations() {
                if let known = ServiceName(rawValue: name), destinations.contains(known) {
                    pending.append(known)
                } else {
                    try await setAside(eventsFor: name)
                }
            }
        } catch {
            canRead = false
            if !isStopping { logger.warning("the outbox cannot be read", metadata: ["error": "\(error)"]) }
        }
        state.withLock { state in
            state.canRead = canRead
            state.contended.formIntersection(pending)
        }
        return pending
    }

    /// Makes dead letters of events for a service that nobody knows here. Young ones are left alone: while replicas are
    /// upgraded, one of the new version may know it.
    private func setAside(eventsFor name: String) async throws {
        let count = try await store.bury(
            destination: name, before: outbox.clock.now - limits.patience, reason: "no service \(name) takes events",
            at: outbox.clock.now)
        guard count > 0 else { return }
        logger.error(
            "events for an unknown service are dead letters", metadata: ["destination": "\(name)", "count": "\(count)"])
    }

    private func serve(_ destination: ServiceName) async {
        guard let lease = leases[destination] else { return }
        let drain = OutboxDrain(
            destination: destination, lease: lease, store: store, limits: limits, clock: outbox.clock, logger: logger,
            deliver: deliver, isStopping: { [weak self] in self?.isStopping ?? true })
        do {
            let isOurs = try await drain.run()
            let isMissed = state.withLock { state in
                state.draining.remove(destination)
                if isOurs { state.contended.remove(destination) } else { state.contended.insert(destination) }
                state.failures[destination] = nil
                return state.missed.remove(destination) != nil
            }
            if isMissed { outbox.news.tell(of: [destination]) }
            // If it fails, or nobody holds the lease any more, the next look finds them.
            if !isOurs { try? await store.ring(for: destination) }
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
