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
}
