/// All that the I/O thread needs to know to run one transfer.
struct TransferOrder: Sendable {
    enum Content: Sendable {
        case http(OutboundRequest.Method, body: [UInt8]?)
        case mail(sender: String, recipients: [String], message: [UInt8], requiresTLS: Bool)
    }

    var content: Content
    var url: String
    var headerLines: [String]
    /// When to give up, queued or under way. For a stream, when the head must have arrived.
    var deadline: ContinuousClock.Instant
    var connectTimeout: Duration
    var maximumResponseBytes: Int
    /// Checks each address. A longer body is cut, not refused.
    var egress: EgressGuard?
    /// Whether only the head of the answer counts. With a guard, its connections alone are kept.
    var isDelivery = false
    /// Whether libcurl may send the request again when a kept-alive connection turns out to be dead.
    var mayBeResent: Bool
    /// Where the body goes as it arrives; `nil` means into the response.
    var stream: StreamBuffer?
    var idleTimeout: Duration = .zero
    /// Whether the reader of the stream is to get a piece.
    var isForReader: (@Sendable (UnsafeRawBufferPointer) -> Bool)?
    /// Where the request's body comes from, when it comes while it is sent.
    var upload: UploadBuffer?
}
