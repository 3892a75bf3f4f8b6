import ServiceKit
import SharedModels

/// The caller of the sandbox's Stripe. Every test key is accepted, and all belong to one account.
enum StripeKey: Sendable, Equatable {
    /// `sk_test_…` or `rk_test_…`: our server.
    case secret
    /// `pk_test_…`: a browser, which may read and confirm a payment whose client secret it knows.
    case publishable

    /// Reads `Authorization: Bearer <key>` or `Basic <key>:`, or the parameter `key` that browsers send.
    ///
    /// - Throws: ``StripeError`` with 401, which never repeats a whole key.
    init(authorization: String?, parameter: String?) throws(StripeError) {
        guard let key = try Self.presented(authorization) ?? parameter, !key.isEmpty else {
            throw .unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, "
                    + "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').")
        }
        if key.hasPrefix("sk_test_") || key.hasPrefix("rk_test_"), key.utf8.count > 8 {
            self = .secret
        } else if key.hasPrefix("pk_test_"), key.utf8.count > 8 {
            self = .publishable
        } else {
            throw .unauthorized(
                "Invalid API Key provided: \(key.prefix(8))****\(key.count > 16 ? key.suffix(4) : "")")
        }
    }

    private static func presented(_ header: String?) throws(StripeError) -> String? {
        guard let read = header.flatMap(Authorization.init) else { return nil }
        switch read.scheme {
        case "bearer": return read.credentials
        case "basic":
            guard let bytes = Base64.decode(read.credentials),
                let pair = String(validating: bytes, as: UTF8.self)
            else { throw .unauthorized("Invalid API Key provided: the Basic credentials cannot be read") }
            return pair.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)
        default: return nil
        }
    }
}
