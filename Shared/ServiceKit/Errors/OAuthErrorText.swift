import SharedModels

/// Refusals in the words of OAuth 2.0.
package enum OAuthErrorText {
    /// `invalid_grant` and so on (RFC 6749, section 5.2; RFC 6750, section 3.1; RFC 7591, section 3.2.2).
    package static func name(of error: any APIError) -> String {
        error.oauthName ?? usualName(of: error.code)
    }

    private static func usualName(of code: ErrorCode) -> String {
        switch code {
        case .badRequest, .validationFailed, .methodNotAllowed, .requestTimeout, .conflict, .preconditionFailed,
            .payloadTooLarge, .uriTooLong, .unsupportedMediaType, .idempotencyMismatch:
            "invalid_request"
        case .unauthorized: "invalid_token"
        case .forbidden: "access_denied"
        case .notFound: "not_found"
        case .internalError: "server_error"
        case .rateLimitExceeded, .badGateway, .agentPaused, .serviceUnavailable, .gatewayTimeout:
            "temporarily_unavailable"
        }
    }

    /// The message in the characters that the standard allows: visible ASCII and spaces, without quotes and
    /// backslashes.
    package static func description(of error: any APIError) -> String {
        let bytes = error.publicMessage.unicodeScalars.map { scalar -> UInt8 in
            switch scalar {
            case "\"", "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}": UInt8(ascii: "'")
            case " "..."~" where scalar != "\\": UInt8(scalar.value)
            default: UInt8(ascii: "?")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
