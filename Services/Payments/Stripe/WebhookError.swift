import ServiceKit
import SharedModels

/// Refusals of requests that are not Stripe events.
enum WebhookError: Error, Equatable {
    case badSignature(StripeSignature.Flaw)
    case badEvent
}

extension WebhookError: APIError {
    var code: ErrorCode { .badRequest }

    var publicMessage: String {
        switch self {
        case .badSignature: "The signature is not valid."
        case .badEvent: "The body is not an event."
        }
    }

    var logDetail: String? {
        switch self {
        case .badSignature(let flaw): flaw.rawValue
        case .badEvent: nil
        }
    }
}
