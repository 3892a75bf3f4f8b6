import ServiceKit
import SharedModels

/// Refusals of requests that are not Stripe events.
enum WebhookError: Error, Equatable {
    case badSignature(StripeSignature.Flaw)
    case badEvent
    /// Of test money for a live installation, or the other way round.
    case otherMode(isLive: Bool)
}

extension WebhookError: APIError {
    var code: ErrorCode { .badRequest }

    var publicMessage: String {
        switch self {
        case .badSignature: "The signature is not valid."
        case .badEvent: "The body is not an event."
        case .otherMode(isLive: true): "The event is of live mode, and this installation has a test key."
        case .otherMode(isLive: false): "The event is of test mode, and this installation has a live key."
        }
    }

    var logDetail: String? {
        switch self {
        case .badSignature(let flaw): flaw.rawValue
        case .badEvent, .otherMode: nil
        }
    }
}
