import Logging
import Postgres
import ServiceKit
import SharedModels

/// Follows up stored events: fetches the object that an event is about in its present state, and follows it.
struct StripeEventHandler: Sendable {
    /// The wait before another look, when the provider cannot be reached or the escrow is being moved.
    static let retryAfter = Duration.seconds(2)

    let database: Database
    let clock: any DomainClock
    let escrows: EscrowWorkflow
    let checkouts: CheckoutWorkflow
    let payees: PayeeWorkflow
    let follower: PaymentFollower
    let reversals: ReversalWorkflow
    let logger: Logger
    let events = StripeEventStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(LookIntoStripeEvent.self) { work in
            try await patiently(by: clock, pause: Self.retryAfter) {
                try await handle(work.subject)
                return .done
            }
        }
    }

    func handle(_ id: String) async throws {
        guard let event = try await events.find(id, in: database) else { return }
        do {
            try await follow(event)
        } catch ProviderError.missing(let reason) {
            // The object is gone, or not ours. Another look would show the same.
            logger.info(
                "stripe event without an object", metadata: ["event": "\(id)", "reason": "\(reason)"])
        }
        try await events.markHandled(id, at: clock.now, in: database)
    }

    private func follow(_ event: StripeEvent) async throws {
        guard let object = event.objectID, let concern = event.concern else { return }
        switch concern {
        case .payee: try await payees.observe(object)
        case .checkout: try await checkouts.observe(session: object)
        case .dispute: try await follow(paymentIntent: stripe.dispute(object).paymentIntentID)
        case .refund: try await follow(paymentIntent: stripe.refund(object).paymentIntentID)
        case .charge: try await follow(paymentIntent: stripe.charge(object).paymentIntentID)
        case .capture: try await follow(paymentIntent: stripe.charge(object).paymentIntentID, isTold: false)
        case .transfer: try await reversals.follow(transfer: object)
        case .payment: try await escrows.observe(paymentIntent: object)
        }
    }

    /// First the payment itself: its capture comes before what was taken of it.
    ///
    /// - Parameter isTold: Whether something about its refunds or disputes has changed.
    private func follow(paymentIntent id: String?, isTold: Bool = true) async throws {
        guard let id else { return }
        let intent = try await stripe.paymentIntent(id)
        try await escrows.observe(intent)
        // A milestone is not paid on a page.
        if intent.milestoneID == nil { try await checkouts.observe(payment: id) }
        try await follower.follow(intent, isTold: isTold)
    }

    private var stripe: StripeClient { follower.stripe }
}

/// Follow up an event of Stripe. The subject is its id.
struct LookIntoStripeEvent: WorkOnSubject {
    static let kind = "stripe.event"
    let subject: String
}
