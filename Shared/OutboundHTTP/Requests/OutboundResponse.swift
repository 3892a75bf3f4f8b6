import SharedModels

/// An HTTP response. Every status counts as a response; only a missing one is an error.
package struct OutboundResponse: Sendable {
    package var status: Int
    /// In the order received; names as they were written.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Whether the body was cut at the request's `maximumResponseBytes`
    /// (``OutboundPolicy/userSupplied(_:)`` only).
    package var isTruncated: Bool
    /// The time the answering attempt took, from its start to the last byte (to the head for a stream).
    package var duration: Duration
    /// Whether an earlier attempt of this call may have been carried out: its answer was lost, or a fault of the server.
    /// A refusal then tells nothing of it.
    package var followsUncertainAttempt = false

    package init(
        status: Int,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        isTruncated: Bool = false,
        duration: Duration = .zero
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.duration = duration
    }

    /// The first header of that name, in any case.
    package func header(_ name: String) -> String? {
        headers.first { header in
            header.name.utf8.elementsEqual(name.utf8) { $0.asciiLowercased == $1.asciiLowercased }
        }?.value
    }
}
