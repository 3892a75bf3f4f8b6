/// The outcome of an attempt, as far as it matters for trying again.
package enum AttemptOutcome: Equatable, Sendable {
    /// An HTTP answer; `retryAfter` is the wait that it asked for.
    case answered(status: Int, retryAfter: Duration?)
    /// Nothing was sent.
    case connectFailed
    case timedOut
    /// The connection broke after something was sent.
    case broken
    /// Trying again would end the same way.
    case hopeless

    /// Whether the server may have done what was asked.
    var mayHaveActed: Bool {
        switch self {
        case .timedOut, .broken: true
        // 409: another attempt with this idempotency key is being worked on.
        case .answered(let status, _): status == 409 || status >= 500
        case .connectFailed, .hopeless: false
        }
    }
}

/// When to try again, and how long to wait first. Pure, so that tests need not wait.
package struct RetryRule: Equatable, Sendable {
    /// Attempts in all, the first included. At least 1.
    var maximumAttempts: Int
    /// The wait before the second attempt, before jitter; doubled for each later one.
    var firstDelay: Duration
    var maximumDelay: Duration
    /// The longest `Retry-After` to wait for. An answer that asks for more is returned to the caller.
    var maximumRetryAfter: Duration
    /// Whether to try again after answers that ask for it (409, 429, 5xx), time-outs and broken connections. Only right
    /// when a repeat is harmless.
    var repeatsSentRequests: Bool

    static let never = Self(
        maximumAttempts: 1, firstDelay: .zero, maximumDelay: .zero, maximumRetryAfter: .zero,
        repeatsSentRequests: false
    )

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that just ended, counted from 1.
    ///   - remaining: What is left of the deadline.
    ///   - jitter: 0..<1, evenly spread. The wait is between half and all of the doubling delay.
    /// - Returns: `nil` when `outcome` is final.
    package func delay(
        after outcome: AttemptOutcome,
        attempt: Int,
        remaining: Duration,
        jitter: Double
    ) -> Duration? {
        guard attempt < maximumAttempts, isWorthRepeating(outcome) else { return nil }
        let doubled = firstDelay * (1 << min(attempt - 1, 16))
        var wait = min(doubled, maximumDelay) * (0.5 + jitter / 2)
        if case .answered(_, let retryAfter?) = outcome {
            guard retryAfter <= maximumRetryAfter else { return nil }
            wait = max(wait, retryAfter)
        }
        return wait < remaining ? wait : nil
    }

    /// The share of the deadline for one attempt: half of the remaining time while another attempt may follow, so that
    /// a time-out leaves room for it; all of it for the last attempt.
    package func timeout(attempt: Int, remaining: Duration) -> Duration {
        repeatsSentRequests && attempt < maximumAttempts ? remaining / 2 : remaining
    }

    private func isWorthRepeating(_ outcome: AttemptOutcome) -> Bool {
        switch outcome {
        case .connectFailed: true
        case .timedOut, .broken: repeatsSentRequests
        case .answered(let status, _):
            // 409: an earlier attempt with this idempotency key is still being worked on (Stripe,
            // Resend).
            repeatsSentRequests && (status == 409 || status == 429 || (500...599).contains(status))
        case .hopeless: false
        }
    }
}
