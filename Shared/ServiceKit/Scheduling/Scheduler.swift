import Logging
import Postgres
import ServiceLifecycle
import SharedModels
import Synchronization

/// Work to be done at a certain time. Items are rows that survive the process; replicas share them. Times follow the
/// injected clock.
///
/// Each item is run at least once, by one replica at a time, so handlers must be safe to repeat. A failed item is tried
/// again until it works. An unreadable one becomes a dead letter.
package final class Scheduler: Service {
    package static let migration = (
        name: "9104_kit_scheduled.sql",
        sql: """
        -- What is to be done later (deadlines, retries, payouts), so that no restart forgets it.
        CREATE TABLE scheduled (
            kind        text        NOT NULL,
            key         text        NOT NULL,
            due_at      timestamptz NOT NULL,
            payload     json        NOT NULL,
            attempt     int         NOT NULL DEFAULT 0 CHECK (attempt >= 0),
            claim       uuid,
            lease_until timestamptz,
            PRIMARY KEY (kind, key),
            CONSTRAINT leased_iff_claimed CHECK ((claim IS NULL) = (lease_until IS NULL))
        );
        CREATE INDEX scheduled_by_time ON scheduled (due_at);
        """
    )

    package struct Limits: Sendable {
        /// The number of items that this process runs at once.
        package var concurrent = 8
        /// An item whose process died is taken over after this time. While a handler runs, its lease is renewed.
        package var lease = Duration.seconds(4)
        /// How often. Several times shorter than the lease.
        package var renewal = Duration.seconds(1)
        /// The longest that a handler may take. Then it is cancelled, and the item is tried again.
        package var longestRun = Duration.seconds(60)
        /// How often to look without a wake-up: for what another process has left.
        package var poll = Duration.seconds(2)
        /// The wait after a first failure. It doubles with each further failure up to `longestDelay`; half of it is
        /// random.
        package var firstDelay = Duration.seconds(1)
        package var longestDelay = Duration.seconds(60)

        package init() {}
    }

    private typealias Handler = @Sendable (ScheduledItem) async throws -> ScheduledOutcome

    private struct State {
        var handlers: [String: Handler] = [:]
        /// Regular work that has no row in the table yet.
        var unbegun: [String] = []
        var running = 0
        /// Whether something may be due. Otherwise a wake-up only asks what is due next.
        var mayBeDue = true
        /// Whether the last look took as much as there was room for.
        var mayBeMore = false
        var isStopping = false
    }

    private let store: ScheduleStore
    private let clock: any DomainClock
    private let limits: Limits
    private let logger: Logger
    private let wakeUp: WakeUp
    private let state = Mutex(State())

    package init(database: Database, clock: any DomainClock, limits: Limits = Limits(), logger: Logger) {
        store = ScheduleStore(database: database)
        wakeUp = WakeUp(timedBy: database)
        self.clock = clock
        self.limits = limits
        self.logger = logger
        clock.onAdvance { [weak self] in self?.look() }
    }

    /// Sets the handler for one type of work. Kinds without a handler are left to other processes.
    ///
    /// A closure of several statements must declare its result: `{ work -> ScheduledOutcome in … }`.
    package func on<Work: ScheduledWork>(
        _ type: Work.Type, _ body: @escaping @Sendable (Work) async throws -> ScheduledOutcome
    ) {
        handle(Work.kind) { item in try await body(item.read(type)) }
    }

    /// Sets the handler for a type of work that is finished when `body` returns.
    package func on<Work: ScheduledWork>(
        _ type: Work.Type, _ body: @escaping @Sendable (Work) async throws -> Void
    ) {
        on(type) { (work: Work) async throws -> ScheduledOutcome in
            try await body(work)
            return .done
        }
    }

    /// Runs `body` at the start, and again each time after `pause`.
    package func every(_ pause: Duration, _ kind: String, _ body: @escaping @Sendable () async throws -> Void) {
        regularly(kind) { [clock] in
            try await body()
            return clock.now + pause
        }
    }

    /// Runs `body` at the start, and then at each moment that it returns.
    package func regularly(_ kind: String, _ body: @escaping @Sendable () async throws -> Timestamp) {
        state.withLock { $0.unbegun.append(kind) }
        handle(kind) { _ in .again(at: try await body()) }
    }

    private func handle(_ kind: String, _ handler: @escaping Handler) {
        state.withLock { state in
            precondition(state.handlers[kind] == nil, "\(kind) has two handlers")
            state.handlers[kind] = handler
        }
        look()
    }

    /// Has the loop look for what is due.
    private func look() {
        state.withLock { $0.mayBeDue = true }
        wakeUp.signal()
    }

    /// Schedules `work` for `due`. Replaces the item with the same key, even one that is being done.
    package func schedule<Work: ScheduledWork>(
        _ work: Work, at due: Timestamp, in executor: some SQLExecutor
    ) async throws {
        try await store.upsert(Work.kind, key: work.key, at: due, payload: work.payload, in: executor)
        announce(due, in: executor)
    }

    /// Wakes the loop once this is committed, unless it looks by itself before `due`.
    private func announce(_ due: Timestamp, in executor: some SQLExecutor) {
        guard due - clock.now <= limits.poll else { return }
        executor.afterCommit { self.look() }
    }

    /// Schedules `work` for `due`, unless it is scheduled already.
    ///
    /// - Returns: Whether it was not.
    @discardableResult
    package func scheduleIfAbsent<Work: ScheduledWork>(
        _ work: Work, at due: Timestamp, in executor: some SQLExecutor
    ) async throws -> Bool {
        let isNew = try await store.insertIfAbsent(
            Work.kind, key: work.key, at: due, payload: work.payload, in: executor)
        if isNew { announce(due, in: executor) }
        return isNew
    }

    /// Cancels `work`, if it is scheduled.
    package func cancel<Work: ScheduledWork>(_ work: Work, in executor: some SQLExecutor) async throws {
        try await cancel(Work.self, key: work.key, in: executor)
    }

    /// Cancels work whose key alone is known, if it is scheduled.
    package func cancel<Work: ScheduledWork>(
        _ type: Work.Type, key: String, in executor: some SQLExecutor
    ) async throws {
        try await store.delete(Work.kind, key: key, in: executor)
    }

    /// Whether `work` is scheduled. While its handler runs, too, unless it was cancelled meanwhile.
    package func isScheduled<Work: ScheduledWork>(_ work: Work, in executor: some SQLExecutor) async throws -> Bool {
        try await store.exists(Work.kind, key: work.key, in: executor)
    }

    /// How many items are later than a handler may take. Zero as long as a process works.
    package func overdue() async throws -> Int {
        try await store.overdue(at: clock.now, grace: limits.longestRun)
    }

    /// Does what is due until the process shuts down, or the task is cancelled. Then it can run again.
    package func run() async throws {
        state.withLock { $0.isStopping = false }
        let execution = try store.database.taskExecution()
        await withGracefulShutdownHandler {
            // A look is a wake-up and a question: both belong to the thread of the connections.
            await withTaskExecutorPreference(execution) { await work() }
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.wakeUp.signal()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !isStopping {
                if takeMayBeDue() {
                    for item in await claim() {
                        group.addTask(executorPreference: globalConcurrentExecutor) { await self.perform(item) }
                    }
                }
                let wait = await untilNextDue()
                // Not all services at the same moment.
                let isNews = await wakeUp.wait(atMost: wait < limits.poll ? wait : wait * Double.random(in: 0.75...1))
                // When nothing was due before the next look, that look only asks what is due next.
                if !isNews, wait < limits.poll { state.withLock { $0.mayBeDue = true } }
            }
        }
    }

    private func takeMayBeDue() -> Bool {
        state.withLock { state in
            defer { state.mayBeDue = false }
            return state.mayBeDue || !state.unbegun.isEmpty
        }
    }

    /// As many due items as there are free places.
    private func claim() async -> [ScheduledItem] {
        let (kinds, free) = state.withLock { ($0.handlers.keys.sorted(), limits.concurrent - $0.running) }
        guard free > 0, !kinds.isEmpty else { return [] }
        do {
            try await beginRegularWork()
            let items = try await store.claim(free, of: kinds, at: clock.now, lease: limits.lease)
            state.withLock { state in
                state.running += items.count
                state.mayBeMore = items.count == free
            }
            return items
        } catch {
            if !isStopping { logger.warning("scheduled work cannot be claimed", metadata: ["error": "\(error)"]) }
            return []
        }
    }

    private func beginRegularWork() async throws {
        while let kind = state.withLock({ $0.unbegun.first }) {
            try await store.upsert(kind, key: "", at: clock.now, payload: .null, in: store.database)
            state.withLock { _ = $0.unbegun.removeFirst() }
        }
    }

    private func untilNextDue() async -> Duration {
        let (kinds, free) = state.withLock { ($0.handlers.keys.sorted(), limits.concurrent - $0.running) }
        // Without a free place, the end of a running item wakes the loop. After a failed query, the next look tries
        // again.
        guard free > 0, !kinds.isEmpty, let due = try? await store.nextDue(of: kinds) else { return limits.poll }
        return min(limits.poll, max(.milliseconds(1), due - clock.now))
    }

    private func perform(_ item: ScheduledItem) async {
        let result: Result<ScheduledOutcome, any Error>
        do {
            result = .success(try await limited(item))
        } catch {
            result = .failure(error)
        }
        // Runs in a separate task, which is not cancelled with this one.
        await Task { await settle(item, result) }.value
        let isAwaited = state.withLock { state in
            state.running -= 1
            return state.mayBeMore || state.isStopping
        }
        // Otherwise everything that was due is in hand. What was given back is due later, perhaps before the next look.
        if isAwaited {
            look()
        } else if result.isDueSoon(at: clock.now + limits.poll) {
            wakeUp.signal()
        }
    }

    /// Runs the handler, and cancels it when it takes too long, or when another process may take the item over.
    private func limited(_ item: ScheduledItem) async throws -> ScheduledOutcome {
        guard let handler = state.withLock({ $0.handlers[item.kind] }) else { throw CancellationError() }
        return try await withThrowingTaskGroup(of: ScheduledOutcome?.self) { group in
            group.addTask { try await handler(item) }
            group.addTask {
                try await self.keepLease(of: item)
                return nil
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() ?? nil else { throw CancellationError() }
            return outcome
        }
    }

    /// Renews the lease until the handler has taken too long, or the lease cannot be renewed in time.
    private func keepLease(of item: ScheduledItem) async throws {
        let end = item.claimedAt + limits.longestRun
        var heldUntil = item.claimedAt + limits.lease
        var isOurs = true
        while .now < min(end, heldUntil) {
            try await Task.sleep(for: limits.renewal)
            guard isOurs else { continue }
            let asked = ContinuousClock.now
            do {
                // When the item was scheduled again meanwhile, there is nothing to hold any more.
                isOurs = try await store.renew(item, lease: limits.lease)
                heldUntil = isOurs ? asked + limits.lease : end
            } catch {
                // The next attempt may work. If none does, another process takes over.
                try Task.checkCancellation()
            }
        }
    }

    private func settle(_ item: ScheduledItem, _ result: Result<ScheduledOutcome, any Error>) async {
        do {
            switch result {
            case .success(.done):
                try await store.finish(item)
            case .success(.again(let due)):
                try await store.giveBack(item, until: due, attempt: 0)
            case .failure(let error as UnreadableWork):
                logger.error(
                    "scheduled work cannot be read and is a dead letter",
                    metadata: ["kind": "\(item.kind)", "key": "\(item.key)", "reason": "\(error)"])
                try await store.bury(item, reason: error.description, at: clock.now)
            case .failure(let error):
                let delay = delay(after: item.attempt)
                logger.warning(
                    "scheduled work failed",
                    metadata: [
                        "kind": "\(item.kind)", "key": "\(item.key)", "attempt": "\(item.attempt)", "error": "\(error)",
                        "delay": "\(delay)",
                    ])
                try await store.giveBack(item, until: clock.now + delay, attempt: item.attempt)
            }
        } catch {
            // The lease expires, and the item is done again.
            logger.warning(
                "the outcome of scheduled work was not stored",
                metadata: ["kind": "\(item.kind)", "key": "\(item.key)", "error": "\(error)"])
        }
    }

    private func delay(after attempt: Int) -> Duration {
        min(limits.firstDelay * (1 << min(attempt - 1, 16)), limits.longestDelay) * Double.random(in: 0.5...1)
    }
}

extension Result<ScheduledOutcome, any Error> {
    /// Whether the item is given back for a time before the scheduler looks again by itself.
    fileprivate func isDueSoon(at next: Timestamp) -> Bool {
        switch self {
        case .success(.again(let due)): due <= next
        case .success(.done): false
        case .failure: true
        }
    }
}
