import ServiceKit
import SharedModels

/// Failures of the payment provider. Its own words are for the log.
enum ProviderError: Error, Equatable {
    /// The provider refused for good.
    case refused(reason: String)
    /// The provider could not be reached, or could not answer. Work that was begun is resumed.
    case unavailable(reason: String)
    /// The provider's answer makes no sense.
    case unexpected(reason: String)
}

extension ProviderError: APIError {
    var code: ErrorCode {
        switch self {
        case .refused: .conflict
        case .unavailable: .serviceUnavailable
        case .unexpected: .badGateway
        }
    }

    var publicMessage: String {
        switch self {
        case .refused: "The payment provider refused."
        case .unavailable: "The payment provider cannot be reached; what was begun finishes by itself."
        case .unexpected: "The payment provider gave an answer that was not expected."
        }
    }

    var retryAfter: Duration? {
        switch self {
        // When the action is resumed for the first time.
        case .unavailable: .seconds(15)
        case .refused, .unexpected: nil
        }
    }

    var logDetail: String? {
        switch self {
        case .refused(let reason), .unavailable(let reason), .unexpected(let reason): reason
        }
    }
}
