import Postgres

/// The provider whose calls fail.
enum FaultTarget: String, CaseIterable, Sendable, PostgresValue {
    case stripe, telegram, slack, discord, resend, llm
}

/// How a call fails.
enum FaultMode: String, CaseIterable, Sendable, PostgresValue {
    /// The provider's own 500.
    case error
    /// No answer, and no effect.
    case timeout
    /// No answer, but the effect happens.
    case timeoutAfterSuccess = "timeout_after_success"
    /// The provider's own 429, with `Retry-After`.
    case rateLimit = "rate_limit"
    /// The provider's own definite refusal: a declined card at Stripe, a blocked bot, a deleted webhook. It applies
    /// only to calls that change something; reads succeed.
    case decline
    /// Stripe's 500, kept under the call's idempotency key: every repeat under it gets the 500 again, for a day. Nothing
    /// was done.
    case storedError = "stored_error"
    /// The same, but it was done.
    case errorAfterSuccess = "error_after_success"
    /// Stripe's 401, as to a wrong key.
    case unauthorized
    /// A 404 that does not come from Stripe: a proxy on the way gives it, as a web page.
    case proxyRefusal = "proxy_refusal"
    /// The bank takes its time: a confirmed payment is `processing`.
    case processing
    /// The bank asks the customer: a confirmed payment is `requires_action`.
    case requiresAction = "requires_action"
    /// The webhooks of what the call does are taken before its answer leaves.
    case eventsFirst = "events_first"

    /// Whether only Stripe fails so.
    var isStripes: Bool {
        switch self {
        case .error, .timeout, .timeoutAfterSuccess, .rateLimit, .decline: false
        case .storedError, .errorAfterSuccess, .unauthorized, .proxyRefusal, .processing, .requiresAction,
            .eventsFirst:
            true
        }
    }

    /// Those that mean nothing to a call that changes nothing.
    static let ofWrites: [FaultMode] = [
        .decline, .storedError, .errorAfterSuccess, .processing, .requiresAction, .eventsFirst,
    ]
}

/// The calls that fail, when not all do.
enum FaultCalls: String, CaseIterable, Sendable, PostgresValue {
    case read, write
}

/// What makes calls fail.
struct Fault: Sendable {
    let target: FaultTarget
    let mode: FaultMode
    /// A part of the request's path; `nil` matches every path.
    var path: String?
    /// `nil` is both.
    var calls: FaultCalls?
    /// The id of the only object whose calls fail; `nil` is any.
    var object: String?
}
