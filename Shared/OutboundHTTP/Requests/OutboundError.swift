/// Why there is no response. A cancelled call throws `CancellationError` instead.
package enum OutboundError: Error, Equatable, Sendable {
    /// No connection was made, so the other side has seen nothing of the request.
    case connectFailed(reason: String)
    /// The deadline passed. Whether the other side acted on the request is unknown.
    case timedOut
    /// The body is longer than `maximumResponseBytes`, or the headers than 64 KiB.
    case responseTooLarge
    /// The egress guard refuses the address; `reason` is fit for the user who supplied the URL.
    case egressRefused(reason: String)
    case invalidURL
    /// A header that would break the message: an invalid name, a line break, or a header that frames the message.
    case invalidHeader(name: String)
    /// A mail address or header that would break the message.
    case invalidMail(reason: String)
    /// The mail server refused, with its reply code: 4xx may work later, 5xx will not.
    case mailRefused(status: Int)
    /// The mail server says that the recipient gets no mail there, with its reply code.
    case mailboxRefused(status: Int)
    /// Calls to `target` (`host:port`) kept failing, so it is not called for a moment.
    case circuitOpen(target: String)
    /// Too many calls are waiting already.
    case overloaded
    /// A write to a provider has no idempotency key: a bug in our code.
    case missingIdempotencyKey
    /// A call was begun inside a database transaction: a bug in our code.
    case insideTransaction
    /// The connection broke or the answer was not HTTP. Whether the other side acted is unknown.
    case transport(code: Int, message: String)
    case shutDown
}

extension OutboundError {
    /// Whether it is certain that the other side has not acted on the request.
    package var hasCertainlyNotActed: Bool {
        switch self {
        case .connectFailed, .egressRefused, .invalidURL, .invalidHeader, .invalidMail,
            .mailRefused, .mailboxRefused,
            .circuitOpen, .overloaded, .missingIdempotencyKey, .insideTransaction:
            true
        case .timedOut, .responseTooLarge, .transport, .shutDown:
            false
        }
    }
}
