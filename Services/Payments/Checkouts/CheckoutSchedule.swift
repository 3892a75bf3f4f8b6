import ServiceKit
import SharedModels

/// The scheduled work on payments for contracts. Their actions are resumed together with those on escrows.
struct CheckoutSchedule: Sendable {
    let workflow: CheckoutWorkflow
    let clock: any DomainClock

    func register(on scheduler: Scheduler) {
        scheduler.on(LookAtCheckout.self) { work -> ScheduledOutcome in
            try await patiently(by: clock) {
                guard try await workflow.lookAt(work.checkout) else { return .done }
                return .again(at: clock.now + pause(lookingSince: work.since, at: clock.now))
            }
        }
    }
}

/// Look at a page on which the client has not paid yet, as far as we know.
struct LookAtCheckout: ScheduledWork {
    static let kind = "checkout.look"
    let checkout: CheckoutID
    /// When it was made. The longer ago, the rarer it is looked at.
    let since: Timestamp

    var key: String { "\(checkout)" }
    var payload: JSONValue { ["since": .string("\(since)")] }

    init(checkout: CheckoutID, since: Timestamp) {
        self.checkout = checkout
        self.since = since
    }

    init(key: String, payload: JSONValue) throws {
        self.init(checkout: try UnreadableWork.read(key, "key"), since: try .read(payload["since"]))
    }
}
