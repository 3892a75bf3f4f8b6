import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels
import Synchronization

/// Makes the attempts that are due, many at once.
///
/// A process holds whole lines (``Line``) for as long as something is due in them, and reads their deliveries without
/// claiming each. When it dies, others take its lines after ``SenderLease/length``, and make the attempts again whose
/// results were not stored. So a receiver may see an event twice, under the same `webhook-id`. Replicas share the lines.
final class DeliveryEngine: Service {
    /// How often to look without a wake-up, and how often while lines are held: others may have put more into them.
    private static let poll = Duration.seconds(1)
    private static let heldPoll = Duration.milliseconds(250)
    /// How long to collect ends of attempts, so that one step serves all of them.
    private static let stepping = Duration.milliseconds(2)
    /// The least time between two looks, so that one serves what comes meanwhile.
    private static let gathering = Duration.milliseconds(10)
    /// How long results are collected, so that one transaction stores them, unless there are many or no more come. What is
    /// not stored when the process is killed, is attempted again.
    private static let storing = Duration.milliseconds(100)
    private static let many = 32
    /// How often to ask whether a line was removed or disabled meanwhile.
    private static let endedCheck = Duration.seconds(1)
    /// Without being able to store results, no more attempts than this are made.
    private static let mostUnstored = 2000
    /// Results stored by one statement, and deliveries read by one. Fewer are read while they are large.
    private static let batch = 500

    /// What attempts report to the loop.
    private struct State {
        var finished: [(delivery: Delivery, ending: AttemptEnding)] = []
        var isStopping = false
    }

    let wakeUp: EngineBell
    let counts = AttemptCounts()
    private let database: Database
    private let clock: any DomainClock
    private let logger: Logger
    private let sender: Sender
    private let limits: LineBoard.Limits
    private let pacing: Pacing
    private let lease: SenderLease
    private let lines = LineStore()
    private let deliveries = DeliveryStore()
    private let endings: WebhookEndings
    private let channelEndings: ChannelEndings
    private let state = Mutex(State())

    init(
        database: Database, clock: any DomainClock, logger: Logger, sender: Sender, endings: WebhookEndings,
        channelEndings: ChannelEndings, pacing: Pacing = Pacing(), lease: Duration = SenderLease.length,
        limits: LineBoard.Limits = .init()
    ) {
        self.database = database
        wakeUp = EngineBell(database: database)
        self.clock = clock
        self.logger = logger
        self.sender = sender
        self.endings = endings
        self.channelEndings = channelEndings
        self.limits = limits
        self.pacing = pacing
        self.lease = SenderLease(database: database, clock: clock, length: lease)
        clock.onAdvance { [wakeUp] in wakeUp.signal() }
    }

    func run() async throws {
        let keeper = Task { await lease.keep() }
        defer { keeper.cancel() }
        await withGracefulShutdownHandler {
            await work()
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.wakeUp.nudge()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func work() async {
        var desk = Desk(board: LineBoard(limits, pacing: pacing))
        await withDiscardingTaskGroup { group in
            while !isStopping {
                await desk.step(self) { delivery in group.addTask { await self.attempt(delivery) } }
            }
        }
        // What ended during the shutdown. Runs in a separate task, which is not cancelled with this one.
        await Task { [desk] in
            var desk = desk
            await desk.close(self)
        }.value
    }

    private func attempt(_ delivery: Delivery) async {
        let startedAt = clock.now
        let begin = ContinuousClock.now
        var result = await sender.send(delivery)
        result.duration = .now - begin
        let ending = ending(of: delivery, result, startedAt: startedAt)
        if case .counts = ending { counts.note(result, of: delivery) }
        state.withLock { $0.finished.append((delivery, ending)) }
        wakeUp.nudge()
    }

    private func ending(of delivery: Delivery, _ result: AttemptResult, startedAt: Timestamp) -> AttemptEnding {
        // An attempt that was broken off by our own shutdown does not count.
        if Task.isCancelled, result.verdict != .delivered { return .brokenOff }
        let now = clock.now
        // A provider that never wants it is given up like one that does not answer.
        if case .postponed(let wait) = result.verdict, now + wait < delivery.begunAt + RetrySchedule.durableSpan {
            return .postponed(until: now + wait)
        }
        return .counts(
            AttemptOutcome(
                delivery: delivery, result: result, startedAt: startedAt, next: next(delivery, result, now)))
    }

    /// When to try again; `nil` when the delivery is over.
    private func next(_ delivery: Delivery, _ result: AttemptResult, _ now: Timestamp) -> Timestamp? {
        guard case .failed(let retryAfter) = result.verdict else { return nil }
        return RetrySchedule.delay(
            after: delivery.tries + 1, delivery.retryPolicy, elapsed: now - delivery.begunAt, retryAfter: retryAfter,
            jitter: .random(in: 0..<1)
        ).map { now + $0 }
    }
}

/// What only the engine's loop touches.
extension DeliveryEngine {
    private struct Desk: Sendable {
        var board: LineBoard
        var unstored: [AttemptOutcome] = []
        /// When to store them.
        var nextStoring = ContinuousClock.now
        var nextEndedCheck = ContinuousClock.now
        /// Whether lines may be due that nobody holds.
        var mayBeDue = true
        /// When the next line is due that nobody holds, as of the last look.
        var due: Timestamp?
        /// The next look is not earlier, and not later.
        var nextLook = ContinuousClock.now
        var nextPoll = ContinuousClock.now
        /// How many deliveries one look may read.
        var largestLook = DeliveryEngine.batch

        /// Takes in what has ended, stores it, reads what is due, begins attempts, and rests until there is news.
        mutating func step(_ engine: DeliveryEngine, _ begin: (Delivery) -> Void) async {
            takeFinished(engine)
            do {
                if !board.isEmpty, !engine.lease.isHeld { throw LeaseExpired() }
                if mustStore { try await store(engine) }
                try await look(engine)
                board.share(among: engine.lease.senders)
                if unstored.count < DeliveryEngine.mostUnstored, board.isEmpty || engine.lease.isHeld {
                    for delivery in board.begin(at: engine.clock.now) { begin(delivery) }
                }
                try await giveBack(engine)
                engine.lease.need(!board.isEmpty)
                let isNews = await engine.wakeUp.wait(atMost: rest(at: engine.clock.now))
                // Only cancellation cuts it short.
                if isNews { try? await Task.sleep(for: DeliveryEngine.stepping) }
            } catch {
                if !engine.isStopping {
                    engine.logger.warning("deliveries cannot be read or stored", metadata: ["error": "\(error)"])
                }
                // Which lines we hold is uncertain now. We begin again as a new sender, who holds none.
                board.forget()
                engine.lease.replace()
                mayBeDue = true
                await engine.wakeUp.wait(atMost: DeliveryEngine.heldPoll)
            }
        }

        /// Stores what is left, and leaves the lines to others.
        mutating func close(_ engine: DeliveryEngine) async {
            takeFinished(engine)
            do {
                try await store(engine)
                try await engine.lease.end()
            } catch {
                // The lease expires, and the attempts are made again.
                engine.logger.warning("the last results were not stored", metadata: ["error": "\(error)"])
            }
        }

        private mutating func takeFinished(_ engine: DeliveryEngine) {
            let finished = engine.state.withLock { state in
                defer { state.finished = [] }
                return state.finished
            }
            let now = engine.clock.now
            if unstored.isEmpty { nextStoring = .now + DeliveryEngine.storing }
            for (delivery, ending) in finished {
                board.finish(delivery, ending, at: now)
                if case .counts(let outcome) = ending { unstored.append(outcome) }
            }
        }

        private var mustStore: Bool {
            guard !unstored.isEmpty else { return false }
            return unstored.count >= DeliveryEngine.many || nextStoring <= .now || board.isQuiet
        }

        private mutating func store(_ engine: DeliveryEngine) async throws {
            while !unstored.isEmpty {
                let batch = Array(unstored.prefix(DeliveryEngine.batch))
                let now = engine.clock.now
                try await engine.database.transaction { tx in
                    try await PlansByIndex.require(in: tx, mayRepeat: true)
                    try await engine.deliveries.record(batch, at: now, in: tx)
                    try await engine.endings.note(batch, at: now, in: tx)
                    try await engine.channelEndings.note(batch, at: now, in: tx)
                }
                unstored.removeFirst(batch.count)
                for outcome in batch { board.noteStored(outcome.delivery) }
                // Owners may have been told of what failed.
                if batch.contains(where: { $0.result.verdict != .delivered }) { engine.wakeUp.signal() }
            }
        }

        /// Takes lines that are due, and reads the deliveries for which there is room, if anything may have come.
        private mutating func look(_ engine: DeliveryEngine) async throws {
            let now = engine.clock.now
            take(engine.wakeUp.takeNews())
            let isPoll = nextPoll <= .now
            guard nextLook <= .now, mayBeDue || isPoll || isDue(at: now) || board.wantsMore(at: now) else { return }
            if !board.isEmpty, nextEndedCheck <= .now {
                nextEndedCheck = .now + DeliveryEngine.endedCheck
                board.end(try await engine.lines.ended(among: board.ids, in: engine.database))
            }
            if isPoll {
                board.noteNews()
                if !mayBeDue { due = try await engine.lines.nextDue(in: engine.database) }
            }
            let free = mayBeDue || isDue(at: now) ? board.freeLines : 0
            let held = board.asks(at: now)
            mayBeDue = false
            nextPoll = .now + (board.isEmpty ? DeliveryEngine.poll : DeliveryEngine.heldPoll)
            nextLook = .now + DeliveryEngine.gathering
            guard free > 0 || !held.isEmpty else { return }
            if free > 0, !engine.lease.isFresh { try await engine.lease.renew() }
            let found = try await read(engine, claiming: free, held, at: now)
            for line in found.claimed { board.hold(line) }
            board.add(found.deliveries, for: found.asks)
            if free > 0 {
                due = found.due
                mayBeDue = found.claimed.count == free
            }
        }

        private mutating func take(_ news: EngineBell.News) {
            switch news {
            case .lines(let ids): if !board.noteNews(in: ids) { mayBeDue = true }
            case .anywhere:
                board.noteNews()
                mayBeDue = true
            }
        }

        private func isDue(at now: Timestamp) -> Bool { board.freeLines > 0 && due.map { $0 <= now } ?? false }

        private struct Found: Sendable {
            var claimed: [Line] = []
            var asks: [LineAsk]
            var deliveries: [Delivery] = []
            var due: Timestamp?
        }

        /// Claims up to `free` lines, and reads for them and for those that are held.
        private mutating func read(
            _ engine: DeliveryEngine, claiming free: Int, _ held: [LineAsk], at now: Timestamp
        ) async throws -> Found {
            let (inHand, largest) = (board.inHand, largestLook)
            do {
                let answer = try await engine.database.transaction { tx in
                    // That lines are ours must not be undone: two would serve them.
                    try await PlansByIndex.require(in: tx, mayRepeat: free == 0)
                    var found = Found(asks: held)
                    if free > 0 {
                        found.claimed = try await engine.lines.claim(free, for: engine.lease.id, at: now, in: tx)
                        found.due = try await engine.lines.nextDue(in: tx)
                    }
                    found.asks += found.claimed.map { LineAsk(line: $0.id, after: 0, count: $0.room(at: now)) }
                    found.asks = LineAsk.shares(of: found.asks, atMost: largest)
                    guard !found.asks.isEmpty else { return found }
                    found.deliveries = try await engine.deliveries.read(found.asks, except: inHand, at: now, in: tx)
                    return found
                }
                largestLook = min(DeliveryEngine.batch, largest * 2)
                return answer
            } catch PostgresError.resultTooLarge {
                largestLook = max(1, largest / 2)
                throw PostgresError.resultTooLarge
            }
        }

        /// How long nothing can be to do, unless there is news.
        private func rest(at now: Timestamp) -> Duration {
            var moments = [nextPoll - .now]
            if !unstored.isEmpty { moments.append(nextStoring - .now) }
            if mayBeDue || isDue(at: now) || board.wantsMore(at: now) { moments.append(nextLook - .now) }
            if board.freeLines > 0, let due, due > now { moments.append(due - now) }
            if let turn = board.nextTurn(after: now) { moments.append(turn - now) }
            return max(.milliseconds(1), moments.min() ?? .zero)
        }

        private mutating func giveBack(_ engine: DeliveryEngine) async throws {
            let drained = board.takeDrained(at: .now)
            guard !drained.isEmpty else { return }
            let now = engine.clock.now
            try await engine.database.transaction { tx in
                // Nor that they are not: nobody would serve them.
                try await PlansByIndex.require(in: tx)
                try await engine.lines.giveBack(drained, of: engine.lease.id, at: now, in: tx)
            }
        }
    }
}

/// Other replicas may have taken over our lines.
private struct LeaseExpired: Error, CustomStringConvertible {
    let description = "the database did not answer in time, and other replicas may serve the lines"
}
