import SharedModels

/// The request that the present task works for. It appears in log lines, calls to other services, and events.
package struct RequestTrace: Sendable, Equatable {
    @TaskLocal package static var current: RequestTrace?

    package let requestID: String
    /// W3C Trace Context, as the caller sent it.
    package let traceparent: String?

    package init(requestID: String, traceparent: String? = nil) {
        self.requestID = requestID
        self.traceparent = traceparent
    }

    /// The headers for a call made on behalf of this request.
    package var headers: [(name: String, value: String)] {
        [("x-request-id", requestID)] + (traceparent.map { [("traceparent", $0)] } ?? [])
    }
}

enum RequestKind: IdentifierKind { static let prefix = "req" }

extension RequestTrace {
    /// The trace of an arriving request. It keeps the caller's id when that is a valid token (1 to 128 of
    /// `A-Za-z0-9._-`) and makes a new one otherwise, in the form of the surface that was asked. It keeps the W3C trace
    /// context when that is well-formed.
    package init(accepting requestID: String?, traceparent: String?, on surface: Surface, at now: Timestamp) {
        let sane = requestID.flatMap {
            (1...128).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isTokenByte) ? $0 : nil
        }
        let made = Identifier<RequestKind>.make(at: now)
        self.init(
            requestID: sane ?? (surface == .skillSync || surface == .oauth ? made.prefixed : made.description),
            traceparent: traceparent.flatMap { Self.isTraceContext($0) ? $0 : nil })
    }

    /// `<version>-<trace>-<parent>-<flags>` in lower-case hexadecimal (W3C Trace Context, section 3.2).
    private static func isTraceContext(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [2, 32, 16, 2]
            && parts.joined().allSatisfy { $0.hexadecimalDigit != nil && !$0.isASCIIUppercase }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
