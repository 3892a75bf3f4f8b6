import ServiceKit
import SharedModels

/// The scheduled work on payees.
struct PayeeSchedule: Sendable {
    let workflow: PayeeWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(LookAtPayee.self) { work -> ScheduledOutcome in
            try await patiently(by: clock) {
                guard try await workflow.lookAt(work.account) else { return .done }
                return .again(at: clock.now + pause(lookingSince: work.since, at: clock.now))
            }
        }
    }
}

/// Look at a payee who has begun onboarding and not finished it, as far as we know.
struct LookAtPayee: ScheduledWork {
    static let kind = "payee.look"
    let account: AccountID
    /// When the latest link was made.
    let since: Timestamp

    var key: String { "\(account)" }
    var payload: JSONValue { ["since": .string("\(since)")] }

    init(account: AccountID, since: Timestamp) {
        self.account = account
        self.since = since
    }

    init(key: String, payload: JSONValue) throws {
        self.init(
            account: try UnreadableWork.read(key, "key"),
            since: try .read(payload["since"]))
    }
}
