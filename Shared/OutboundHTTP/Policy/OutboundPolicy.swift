/// How a call treats the one it calls. Every policy verifies TLS, follows no redirect, ignores the
/// proxy environment, keeps no cookies and bounds what it reads.
package struct OutboundPolicy: Sendable {
    let retry: RetryRule
    /// The longest wait for a connection, TLS included.
    let connectTimeout: Duration
    let hasCircuitBreaker: Bool
    let requiresIdempotencyKey: Bool
    let egress: EgressGuard?

    /// Our own services: what was not sent is sent again shortly, and a target that keeps failing
    /// is left alone.
    ///
    /// What was sent is not repeated, but for idempotent requests on a kept-alive connection that
    /// ends without a byte of an answer. Connecting takes less than a millisecond on one host; 1 s
    /// allows for a lost packet or two.
    package static let service = Self(
        retry: RetryRule(
            maximumAttempts: 3, firstDelay: .milliseconds(50), maximumDelay: .milliseconds(250),
            maximumRetryAfter: .zero, repeatsSentRequests: false
        ),
        connectTimeout: .seconds(1),
        hasCircuitBreaker: true,
        requiresIdempotencyKey: false,
        egress: nil
    )

    /// A provider (Stripe and the like): a write carries an idempotency key, and so anything may be
    /// repeated.
    ///
    /// Connect failures, time-outs, broken connections, 409, 429 and 5xx are tried up to four
    /// times, as Stripe's own libraries do it, with `Retry-After` obeyed up to 20 s and the whole
    /// within the deadline.
    package static let provider = Self(
        retry: RetryRule(
            maximumAttempts: 4, firstDelay: .milliseconds(500), maximumDelay: .seconds(5),
            maximumRetryAfter: .seconds(20), repeatsSentRequests: true
        ),
        connectTimeout: .seconds(5),
        hasCircuitBreaker: false,
        requiresIdempotencyKey: true,
        egress: nil
    )

    /// A provider that is asked a question and charges for each answer: one attempt, and whoever asks may ask
    /// again.
    package static let question = Self(
        retry: .never, connectTimeout: .seconds(5), hasCircuitBreaker: false, requiresIdempotencyKey: false,
        egress: nil
    )

    /// A URL that a user gave us: the guard decides on the address actually connected to, the
    /// connection is used for this call alone, the body is cut at the limit, and whether to try
    /// again is the caller's business.
    package static func userSupplied(_ egress: EgressGuard) -> Self {
        Self(
            retry: .never, connectTimeout: .seconds(5), hasCircuitBreaker: false,
            requiresIdempotencyKey: false,
            egress: egress
        )
    }
}
