import Crypto
import JWTKit
import SharedModels
import TestSupport

@testable import AuthService

/// Someone who signs tokens, with ES256.
struct GoogleIssuer: Sendable {
    private let keys: JWTKeyCollection
    /// The key to check them, as a JSON Web Key.
    let json: String

    /// - Parameter name: Of the key.
    init(_ name: String) async throws {
        let key = P256.Signing.PrivateKey()
        keys = await JWTKeyCollection().add(ecdsa: try ES256PrivateKey(backing: key))
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
        json = #"{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"\#(name)","x":"\#(x)","y":"\#(y)"}"#
    }

    func token(_ claims: GoogleClaims, key: String = "first") async throws -> String {
        try await keys.sign(claims, header: ["kid": .string(key)])
    }
}

struct GoogleClaims: JWTPayload {
    var iss = "https://accounts.google.com"
    var aud = "guildhall.apps.googleusercontent.com"
    var sub = "1001"
    var iat = Timestamp.start.seconds
    var exp = (Timestamp.start + .hours(1)).seconds
    var email: String? = "Grace@Example.org"
    var isEmailVerified: Bool? = true
    var name: String? = "Grace Hopper"
    var nonce: String?

    enum CodingKeys: String, CodingKey {
        case iss, aud, sub, iat, exp, email, name, nonce
        case isEmailVerified = "email_verified"
    }

    func verify(using algorithm: some JWTAlgorithm) {}
}
