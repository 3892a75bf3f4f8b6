/// All that the I/O thread needs to know to run one transfer.
struct TransferOrder: Sendable {
    enum Content: Sendable {
        case http(OutboundRequest.Method, body: [UInt8]?)
        case mail(sender: String, recipients: [String], message: [UInt8], requiresTLS: Bool)
    }

    var content: Content
    var url: String
    var headerLines: [String]
    /// When to give up, whether still queued or under way; for a stream, when the head must be there.
    var deadline: ContinuousClock.Instant
    var connectTimeout: Duration
    var maximumResponseBytes: Int
    /// Decides on each address, and keeps the connection out of the pool; a longer body is cut, not
    /// refused.
    var egress: EgressGuard?
    /// Whether libcurl may send the request again when a kept-alive connection turns out to be dead.
    var mayBeResent: Bool
    /// Where the body goes as it comes. `nil`: into the response.
    var stream: StreamBuffer?
    var idleTimeout: Duration = .zero
}
