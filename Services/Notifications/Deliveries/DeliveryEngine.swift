import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels
import Synchronization

/// Makes the attempts that are due, many at once, with an equal share for each endpoint.
///
/// An attempt belongs to the holder of its lease. If a process dies, its attempts are made again after the lease. So a
/// receiver may see an event twice, under the same `webhook-id`. Replicas share the work.
final class DeliveryEngine: Service {
    struct Limits: Sendable {
        /// The number of attempts that this process makes at once.
        var concurrent = 64
        /// The maximum to one endpoint, so that a slow one does not hold up the others.
        var perEndpoint = 4
        /// Longer than any attempt, which ends after 10 s.
        var lease = Duration.seconds(30)
        /// How often to look without a wake-up.
        var poll = Duration.milliseconds(500)
    }

    /// Guards the number of attempts under way per endpoint.
    private struct State {
        var underWay: [EndpointID: Int] = [:]
        var isStopping = false
        var count: Int { underWay.values.reduce(0, +) }
    }

    let wakeUp = WakeUp()
    private let database: Database
    private let clock: any DomainClock
    private let logger: Logger
    private let sender: Sender
    private let deliveries = DeliveryStore()
    private let webhooks = WebhookStore()
    private let limits: Limits
    private let state = Mutex(State())

    init(database: Database, clock: any DomainClock, logger: Logger, sender: Sender, limits: Limits = Limits()) {
        self.database = database
        self.clock = clock
        self.logger = logger
        self.sender = sender
        self.limits = limits
        clock.onAdvance { [wakeUp] in wakeUp.signal() }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await work()
        } onGracefulShutdown: {
            self.state.withLock { $0.isStopping = true }
            self.wakeUp.signal()
        }
    }

    private var isStopping: Bool { Task.isCancelled || state.withLock { $0.isStopping } }

    private func work() async {
        await withDiscardingTaskGroup { group in
            while !isStopping {
                let deliveries = await claim()
                for delivery in deliveries {
                    group.addTask { await self.attempt(delivery) }
                }
                // There may be more, so the loop rests only after an empty look.
                if deliveries.isEmpty { await wakeUp.wait(atMost: await untilNextDue()) }
            }
        }
    }

    private func claim() async -> [Delivery] {
        let (free, busy) = places()
        guard free > 0 else { return [] }
        do {
            let share = max(1, limits.perEndpoint / 2)
            let claimed = try await deliveries.claim(
                free, share: share, except: busy, at: clock.now, lease: limits.lease, in: database)
            state.withLock { state in
                for delivery in claimed { state.underWay[delivery.endpointID, default: 0] += 1 }
            }
            return claimed
        } catch {
            if !isStopping { logger.warning("deliveries cannot be claimed", metadata: ["error": "\(error)"]) }
            return []
        }
    }

    /// The number of free places, and the endpoints whose share is used up.
    private func places() -> (free: Int, busy: [EndpointID]) {
        state.withLock { state in
            (limits.concurrent - state.count, state.underWay.filter { $0.value >= limits.perEndpoint }.map(\.key))
        }
    }

    private func untilNextDue() async -> Duration {
        let (free, busy) = places()
        // Without a free place, the end of an attempt wakes the loop. After a failed query, the next look tries again.
        guard free > 0, let due = try? await deliveries.nextDue(except: busy, in: database) else { return limits.poll }
        return min(limits.poll, max(.milliseconds(5), due - clock.now))
    }

    private func attempt(_ delivery: Delivery) async {
        let startedAt = clock.now
        let begin = ContinuousClock.now
        var result = await sender.send(delivery)
        result.duration = .now - begin
        // Runs in a separate task, which is not cancelled with this one.
        await Task { [result] in await settle(delivery, result, startedAt: startedAt) }.value
        state.withLock { state in
            let left = state.underWay[delivery.endpointID, default: 1] - 1
            state.underWay[delivery.endpointID] = left > 0 ? left : nil
        }
        wakeUp.signal()
    }

    private func settle(_ delivery: Delivery, _ result: AttemptResult, startedAt: Timestamp) async {
        let now = clock.now
        do {
            let next = next(delivery, result, now)
            try await deliveries.record(
                result, of: delivery, startedAt: startedAt, state: next == nil ? result.verdict.finalState : .pending,
                next: next, at: now, in: database)
            if result.verdict == .gone, case .webhook(let id, _, _, _) = delivery.endpoint {
                try await disable(id, at: now)
                logger.info("webhook is gone and was disabled", metadata: ["webhook": "\(id)"])
            }
        } catch {
            // The lease expires, and the attempt is made again.
            logger.warning(
                "the outcome of a delivery was not stored",
                metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
        }
    }

    /// Sends nothing to a webhook any more, including what is already waiting.
    private func disable(_ id: WebhookID, at now: Timestamp) async throws {
        try await database.transaction { tx in
            try await webhooks.disable(id, at: now, in: tx)
            try await deliveries.giveUp(on: id, at: now, in: tx)
        }
    }

    /// When to try again; `nil` when the delivery is over.
    private func next(_ delivery: Delivery, _ result: AttemptResult, _ now: Timestamp) -> Timestamp? {
        guard case .failed(let retryAfter) = result.verdict else { return nil }
        return RetrySchedule.delay(
            after: delivery.attempt, delivery.retryPolicy, elapsed: now - delivery.createdAt, retryAfter: retryAfter,
            jitter: .random(in: 0..<1)
        ).map { now + $0 }
    }
}
