import Crypto
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The key that Google signs with.
struct GoogleKey: Sendable {
    private let key: P256.Signing.PrivateKey

    init(stored bytes: [UInt8]) throws {
        key = try P256.Signing.PrivateKey(rawRepresentation: bytes)
    }

    /// A compact JWS (RFC 7515, section 7.1).
    func sign(_ claims: JSONValue) throws -> String {
        let header: JSONValue = ["alg": "ES256", "kid": .string(id), "typ": "JWT"]
        let signed = Base64URL.encode(header.bytes) + "." + Base64URL.encode(claims.bytes)
        return signed + "." + Base64URL.encode(try key.signature(for: Data(signed.utf8)).rawRepresentation)
    }

    /// As a JSON Web Key (RFC 7517; RFC 7518, section 6.2).
    var publicJSON: JSONValue {
        let point = key.publicKey.rawRepresentation
        return [
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": .string(id),
            "x": .string(Base64URL.encode(point.prefix(32))),
            "y": .string(Base64URL.encode(point.suffix(32))),
        ]
    }

    private var id: String {
        String(Base64URL.encode(SHA256.hash(data: key.publicKey.rawRepresentation)).prefix(16))
    }
}
