import ServiceKit
import SharedModels

/// Failures of the payment provider. Its own words are for the log.
enum ProviderError: Error, Equatable {
    /// The provider refused a change for good, and no earlier attempt can have made it.
    case refused(reason: String)
    /// An object that we asked to see does not exist. It says nothing about what was done.
    case missing(reason: String)
    /// The provider could not be reached, could not answer, or it is not known whether it did what we asked. Work that
    /// was begun is resumed.
    case unavailable(reason: String)
    /// The provider will repeat an answer under this idempotency key that tells nothing: a fault that it stored, or the
    /// answer to another request.
    case spent(reason: String)
    /// The provider's answer makes no sense.
    case unexpected(reason: String)
}

extension ProviderError: APIError {
    var code: ErrorCode {
        switch self {
        case .refused: .conflict
        case .unavailable, .spent: .serviceUnavailable
        case .missing, .unexpected: .badGateway
        }
    }

    var publicMessage: String {
        switch self {
        case .refused: "The payment provider refused."
        case .unavailable, .spent: "The payment provider cannot be reached; what was begun finishes by itself."
        case .missing, .unexpected: "The payment provider gave an answer that was not expected."
        }
    }

    var retryAfter: Duration? {
        switch self {
        // When the action is resumed for the first time.
        case .unavailable, .spent: .seconds(15)
        case .refused, .missing, .unexpected: nil
        }
    }

    var logDetail: String? {
        switch self {
        case .refused(let reason), .missing(let reason), .unavailable(let reason), .spent(let reason),
            .unexpected(let reason):
            reason
        }
    }
}
