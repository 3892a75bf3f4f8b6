import Logging
import Postgres
import ServiceKit
import SharedModels

/// Finds what was begun with money and has not ended: nothing waits without somebody knowing.
struct MoneySweep: Sendable {
    static let pause = Duration.seconds(30)
    /// How old an action may be before it is an error. Resumed every 15 s, it ends within it once a fault is over.
    static let longestAction = Duration.seconds(60)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let logger: Logger
    let actions = ActionStore()
    let fees = ArbitrationFeeStore()

    /// Schedules the resumption of what has none, and tells of what is too old.
    func run() async throws {
        let now = clock.now
        let started = try await actions.started(before: now - EscrowBook.resumeAfter, in: database)
        for action in started {
            if try await scheduler.scheduleIfAbsent(ResumeAction(action.key), at: now, in: database) {
                logger.warning("a payment action was not going to be resumed", metadata: ["action": "\(action.key)"])
            }
        }
        for dispute in try await fees.charging(in: database) {
            try await scheduler.scheduleIfAbsent(CollectFee(dispute), at: now, in: database)
        }
        if let oldest = started.first, now - oldest.at > Self.longestAction {
            logger.error(
                "a payment action does not end",
                metadata: [
                    "action": "\(oldest.key)", "seconds": "\((now - oldest.at).components.seconds)",
                    "started": "\(started.count)",
                ])
        }
    }

    /// How long the oldest action that has not ended is under way.
    func oldestAction() async throws -> Duration {
        try await actions.oldestStart(in: database).map { clock.now - $0 } ?? .zero
    }
}
