import Postgres

/// Whose calls fail.
enum FaultTarget: String, CaseIterable, Sendable, PostgresValue {
    case stripe, telegram, slack, discord, resend, llm
}

/// How a call fails.
enum FaultMode: String, CaseIterable, Sendable, PostgresValue {
    /// The provider's own 500.
    case error
    /// No answer, and nothing done.
    case timeout
    /// No answer, but the thing is done.
    case timeoutAfterSuccess = "timeout_after_success"
    /// The provider's own 429, with `Retry-After`.
    case rateLimit = "rate_limit"
    /// The provider's own definite "no": a declined card at Stripe, a blocked bot, a deleted webhook. It hits
    /// what changes something; calls that only read pass.
    case decline
}
