import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels

/// Changes that happen when their time has come: holds lapse, Checkout Sessions expire, money becomes available, refunds
/// arrive or fail, the platform is paid out.
struct StripeDeadlines: Sendable {
    let store: StripeObjectStore
    let intents: PaymentIntents
    let sessions: CheckoutSessions
    let refunds: Refunds
    let payouts: Payouts

    /// Makes the changes that are due by `time`, at most a hundred objects. Money whose day has come is available at once,
    /// though: the services may move it as soon as they see the same time.
    ///
    /// - Returns: Whether there were any.
    @discardableResult
    func apply(_ work: StripeWork, by time: Timestamp) async throws -> Bool {
        guard try await store.isAnyDue(at: time, moneyAt: work.now, in: work.tx) else { return false }
        let due = try await store.lockDue(at: time, moneyAt: work.now, in: work.tx)
        for object in due {
            switch object.kind {
            case .paymentIntent: try await intents.lapse(object, work)
            case .checkoutSession: _ = try await sessions.expire(object, work)
            case .balanceTransaction: try await payouts.books.settle(object, work)
            case .refund: try await refunds.meetFate(object, work)
            case .charge, .customer, .paymentMethod, .account, .accountLink, .transfer, .transferReversal, .dispute,
                .payout, .event:
                break  // never have a due time
            }
        }
        let hasPaidOut = try await payouts.paySchedule(work, by: time)
        return !due.isEmpty || hasPaidOut
    }
}

/// Looks once a second for due changes, but not just after the clock was moved (``SandboxClock/settling``).
struct DeadlineWatch: Service {
    private static let interval = Duration.seconds(1)

    let database: Database
    let clock: SandboxClock
    let deadlines: StripeDeadlines
    let answers = StripeAnswerStore()
    let requests = StripeRequestStore()
    let afterCommit: @Sendable () -> Void
    let logger: Logger

    func run() async throws {
        let time = WakeUp(timedBy: database)
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let hadWork = try await database.transaction { tx in
                        let work = StripeWork(tx: tx, now: clock.now)
                        try await answers.prune(work)
                        try await requests.prune(in: tx)
                        return try await deadlines.apply(work, by: clock.settledNow)
                    }
                    if hadWork {
                        afterCommit()
                        continue
                    }
                } catch {
                    logger.warning("due deadlines could not be applied", metadata: ["error": "\(error)"])
                }
                await time.wait(atMost: Self.interval)
            }
        }
    }
}
