import JWTKit
import ServiceKit
import SharedModels

/// A person as Google vouches for them.
struct GooglePerson: Sendable, Equatable {
    /// Google's id of the person, which stays.
    let subject: String
    /// Verified by Google, in lower case.
    let email: String
    let name: String
}

/// Reads Google's ID tokens
/// (https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken).
struct GoogleTokens: Sendable {
    private static let issuers = ["https://accounts.google.com", "accounts.google.com"]
    /// How far Google's clock may be ahead of ours.
    private static let leeway = Duration.minutes(1)

    let keys: GoogleKeys
    let clock: any DomainClock
    /// Our application at Google.
    let audience: String

    /// - Parameter nonce: Whose sign-in the token is for; `nil` when others have asked Google for it.
    /// - Throws: ``GoogleError/tokenRefused``, ``GoogleError/addressUnverified``,
    ///   ``SignInError/unavailable(_:reason:)``.
    func person(_ token: String, nonce: String? = nil) async throws -> GooglePerson {
        let claims = try await claims(of: token)
        let now = clock.now
        guard Self.issuers.contains(claims.iss), claims.aud == audience, now.seconds < claims.exp,
            claims.iat <= (now + Self.leeway).seconds, (1...255).contains(claims.sub.utf8.count),
            nonce == nil || claims.nonce == nonce
        else { throw GoogleError.tokenRefused }
        guard let email = claims.email, StringFormat.email.accepts(email), claims.isEmailVerified == true else {
            throw GoogleError.addressUnverified
        }
        let name = PersonName.cleaned(claims.name) ?? PersonName.cleaned(String(email.prefix { $0 != "@" }))
        return GooglePerson(subject: claims.sub, email: email.lowercased(), name: name ?? "Google user")
    }

    /// The claims, once their signature is known to be by one of Google's keys.
    private func claims(of token: String) async throws -> IDClaims {
        let header: JWTHeader
        do {
            header = try TokenHeader.read(token, as: IDClaims.self, algorithm: "RS256", "ES256")
        } catch {
            // The caller is not told why a token was refused.
            throw GoogleError.tokenRefused
        }
        guard let name = header.kid, let key = try await keys.key(name) else { throw GoogleError.tokenRefused }
        do {
            // Only this key, so that no other can be used in its place.
            return try await JWTKeyCollection().add(jwk: key).verify(token, as: IDClaims.self)
        } catch {
            throw GoogleError.tokenRefused
        }
    }
}

/// The claims that are read of an ID token. ``GoogleTokens`` checks them, because it knows the time.
struct IDClaims: JWTPayload {
    let iss: String
    let aud: String
    let sub: String
    /// Seconds since 1970, as is `exp`.
    let iat: Int64
    let exp: Int64
    let email: String?
    let isEmailVerified: Bool?
    let name: String?
    let nonce: String?

    /// The claims' own names.
    enum CodingKeys: String, CodingKey {
        case iss, aud, sub, iat, exp, email, name, nonce
        case isEmailVerified = "email_verified"
    }

    func verify(using algorithm: some JWTAlgorithm) {}
}
