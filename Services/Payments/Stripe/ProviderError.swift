import ServiceKit
import SharedModels

/// How the payment provider fails us; its words are for the log.
enum ProviderError: Error, Equatable {
    /// It said no, for good.
    case refused(reason: String)
    /// It could not be reached, or was not in a state to answer. What was begun is resumed.
    case unavailable(reason: String)
    /// It answered something that cannot be.
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
