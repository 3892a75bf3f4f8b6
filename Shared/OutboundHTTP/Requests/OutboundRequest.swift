import SharedModels

/// One HTTP request to another service of ours, a provider, or a user's webhook.
package struct OutboundRequest: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case head = "HEAD"
        case options = "OPTIONS"

        /// Whether the method asks the other side for a change (RFC 9110, section 9.2.1).
        package var isWrite: Bool {
            switch self {
            case .get, .head, .options: false
            case .post, .put, .patch, .delete: true
            }
        }

        /// Whether sending it twice means the same as sending it once (RFC 9110, section 9.2.2).
        package var isIdempotent: Bool {
            switch self {
            case .get, .head, .options, .put, .delete: true
            case .post, .patch: false
            }
        }
    }

    package var method: Method
    /// Absolute, `http` or `https`, ASCII only (percent-encoded path, punycode host), without
    /// credentials.
    package var url: String
    /// Sent as they are. CR, LF and NUL are refused, and so are the headers that frame the message.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// The time limit for the whole call: queue, connecting, every attempt, and the waits between them.
    ///
    /// For a stream it covers the time to the response head; after that ``idleTimeout`` applies. 10 s is longer than
    /// any healthy answer takes and shorter than our own callers wait.
    package var deadline: Duration = .seconds(10)
    /// The longest body that is kept, in bytes; streams are bounded by their buffer instead. 1 MiB
    /// is ten times the largest answer that any of our services or providers gives.
    package var maximumResponseBytes = 1 << 20
    /// For streams: the longest silence after the head. Our own event streams speak every 15 s.
    package var idleTimeout: Duration = .seconds(45)
    /// For streams: sees each piece first, on the I/O thread, and must not wait. A piece for which it gives `false` the
    /// reader does not get, so that nothing wakes for it.
    package var isForReader: (@Sendable (UnsafeRawBufferPointer) -> Bool)?
    /// Sent as `Idempotency-Key`, the same on every attempt.
    package var idempotencyKey: String?

    package init(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        idempotencyKey: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.idempotencyKey = idempotencyKey
    }

    /// A request whose body is the JSON text in `body`.
    package static func json(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8],
        idempotencyKey: String? = nil
    ) -> Self {
        let all = headers + [("content-type", "application/json")]
        return Self(method, url, headers: all, body: body, idempotencyKey: idempotencyKey)
    }

    /// A request whose body is `form` as `application/x-www-form-urlencoded`, in the order given.
    package static func form(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        form: [(String, String)],
        idempotencyKey: String? = nil
    ) -> Self {
        let all = headers + [("content-type", "application/x-www-form-urlencoded")]
        return Self(
            method, url, headers: all, body: FormEncoding.encode(form),
            idempotencyKey: idempotencyKey)
    }
}
