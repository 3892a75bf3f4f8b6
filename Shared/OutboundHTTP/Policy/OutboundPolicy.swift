/// How calls to one kind of target behave. Every policy verifies TLS, follows no redirect, ignores the proxy
/// environment, keeps no cookies and limits what it reads.
package struct OutboundPolicy: Sendable {
    let retry: RetryRule
    /// The longest wait for a connection, TLS included.
    let connectTimeout: Duration
    let hasCircuitBreaker: Bool
    let requiresIdempotencyKey: Bool
    let egress: EgressGuard?
    /// Whether only the head of the answer counts.
    var isDelivery = false

    /// For our own services. A request that was not sent is tried again shortly, and a target that keeps failing is not
    /// called for a while.
    ///
    /// A request that was sent is not repeated. The exception is an idempotent request on a kept-alive connection that
    /// closes before the first byte of an answer. Connecting takes less than a millisecond on one host; 1 s allows for
    /// a lost packet or two.
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

    /// For providers such as Stripe. Every write carries an idempotency key, so any request may be repeated.
    ///
    /// Connect failures, time-outs, broken connections, 409, 429 and 5xx are tried up to four times, as in Stripe's own
    /// libraries. `Retry-After` is obeyed up to 20 s, all within the deadline.
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

    /// For a provider that charges for each answer: one attempt. The caller decides whether to ask again.
    package static let question = Self(
        retry: .never, connectTimeout: .seconds(5), hasCircuitBreaker: false, requiresIdempotencyKey: false,
        egress: nil
    )

    /// For a URL supplied by a user. The guard checks the address of the actual connection, the connection is used for
    /// one call only, and the body is cut at the limit. The caller decides whether to try again.
    package static func userSupplied(_ egress: EgressGuard) -> Self {
        Self(
            retry: .never, connectTimeout: .seconds(5), hasCircuitBreaker: false,
            requiresIdempotencyKey: false,
            egress: egress
        )
    }

    /// For an event that a user's webhook is told, as ``userSupplied(_:)``. The head of the answer decides: a body that
    /// stalls or breaks off is left out. Connections are kept and checked at each use, and a request is sent again when
    /// one turns out to be dead: it carries its own id.
    package static func delivery(_ egress: EgressGuard) -> Self {
        var policy = userSupplied(egress)
        policy.isDelivery = true
        return policy
    }
}
