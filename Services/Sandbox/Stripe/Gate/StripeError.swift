import ServiceKit
import SharedModels

/// A refusal in Stripe's words (https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes).
struct StripeError: Error, Equatable {
    enum Kind: String {
        case invalidRequest = "invalid_request_error"
        case card = "card_error"
        case idempotency = "idempotency_error"
        case api = "api_error"
    }

    let status: Int
    let kind: Kind
    var code: String?
    let message: String
    /// The faulty parameter.
    var parameter: String?
    var declineCode: String?
    /// The payment or charge it is about.
    var details: [JSONMember] = []

    static func invalid(_ code: String?, _ message: String, _ parameter: String? = nil) -> Self {
        Self(status: 400, kind: .invalidRequest, code: code, message: message, parameter: parameter)
    }

    static func missing(_ parameter: String) -> Self {
        invalid("parameter_missing", "Missing required param: \(parameter).", parameter)
    }

    static func unknownParameter(_ parameter: String) -> Self {
        invalid("parameter_unknown", "Received unknown parameter: \(parameter)", parameter)
    }

    /// An object named in the path gives 404, one named by a parameter 400.
    static func noSuch(_ thing: String, _ id: String, parameter: String, inPath: Bool) -> Self {
        Self(
            status: inPath ? 404 : 400, kind: .invalidRequest, code: "resource_missing",
            message: "No such \(thing): '\(id)'", parameter: parameter)
    }

    /// Whether the request itself was faulty, so that nothing began.
    var concernsParameters: Bool {
        guard kind == .invalidRequest, status == 400, let code else { return kind == .invalidRequest && status == 400 }
        return code.hasPrefix("parameter_")
    }

    /// An account that has ended its connection with the platform, or never had one.
    static func noAccess(to account: String) -> Self {
        Self(
            status: 403, kind: .invalidRequest, code: "account_invalid",
            message: "The provided key 'sk_test_****' does not have access to account '\(account)' (or that account "
                + "does not exist). Application access may have been revoked.")
    }

    static func unauthorized(_ message: String) -> Self {
        Self(status: 401, kind: .invalidRequest, message: message)
    }

    static func declined(_ reason: CardDecline, details: [JSONMember] = []) -> Self {
        Self(
            status: 402, kind: .card, code: reason.code, message: reason.message,
            declineCode: reason.declineCode,
            details: details)
    }

    static let rateLimited = Self(
        status: 429, kind: .invalidRequest, code: "rate_limit",
        message: "Request rate limit exceeded. You can learn more about rate limits here "
            + "https://stripe.com/docs/rate-limits.")
    static let failed = Self(
        status: 500, kind: .api,
        message: "An unexpected error occurred. The sandbox was asked to answer so, or has a fault.")

    /// The value of the answer's `error`, and of `last_payment_error`.
    var json: JSONValue {
        var members = [JSONMember("type", .string(kind.rawValue)), JSONMember("message", .string(message))]
        if let code {
            members.append(JSONMember("code", .string(code)))
            members.append(
                JSONMember(
                    "doc_url",
                    .string("https://stripe.com/docs/error-codes/\(code.replacing("_", with: "-"))")))
        }
        if let parameter { members.append(JSONMember("param", .string(parameter))) }
        if let declineCode { members.append(JSONMember("decline_code", .string(declineCode))) }
        return .object(members + details)
    }

    var answer: Answer {
        var answer = Answer.json(["error": json], status: status)
        if status == 429 { answer.headers.append(("Retry-After", "1")) }
        return answer
    }
}
