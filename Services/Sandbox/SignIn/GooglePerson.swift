import ServiceKit
import SharedModels

/// Somebody at the sandbox's Google, made up from a name or a mail address, the same each time.
struct GooglePerson: Sendable {
    /// The same as Google's.
    static let tokenLifetime = Duration.hours(1)

    let email: String
    var name: String
    /// Google has not verified the addresses that begin with `unverified`.
    var isVerified: Bool

    /// - Returns: `nil` for what is no mail address and cannot be the beginning of one.
    init?(login: String) {
        email = login.contains("@") ? login : "\(login)@google.example.com"
        guard StringFormat.email.accepts(email) else { return nil }
        name = String(email.prefix { $0 != "@" })
        isVerified = !email.lowercased().hasPrefix("unverified")
    }

    /// Of an ID token
    /// (https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload).
    ///
    /// - Parameter nonce: The client's, which the token repeats.
    func claims(for audience: String, nonce: String? = nil, at now: Timestamp) -> JSONValue {
        let claims = [
            JSONMember("iss", "https://accounts.google.com"), JSONMember("aud", .string(audience)),
            JSONMember("azp", .string(audience)), JSONMember("sub", .string("1\(StableHash.of(email.lowercased()))")),
            JSONMember("email", .string(email)), JSONMember("email_verified", .bool(isVerified)),
            JSONMember("name", .string(name)), JSONMember("iat", JSONValue(unix: now)),
            JSONMember("exp", JSONValue(unix: now + Self.tokenLifetime)),
        ]
        return .object(claims + (nonce.map { [JSONMember("nonce", .string($0))] } ?? []))
    }
}
