import Crypto
import Foundation
import JWTKit
import ServiceKit
import SharedModels

/// A key that access tokens are signed with (ES256).
struct SigningKey: Sendable {
    /// The thumbprint of the public key (RFC 7638): the `kid` in tokens that it signs.
    let id: String
    let publicKey: JSONWebKey
    /// Holds only this key, so that no other key can be used in its place.
    private let keys: JWTKeyCollection
    private let raw: [UInt8]

    init(_ key: P256.Signing.PrivateKey = P256.Signing.PrivateKey()) async throws {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
        let members = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        id = Base64URL.encode(SHA256.hash(data: Array(members.utf8)))
        publicKey = JSONWebKey(x: x, y: y, kid: id)
        raw = [UInt8](key.rawRepresentation)
        keys = await JWTKeyCollection().add(ecdsa: try ES256PrivateKey(backing: key))
    }

    func sign(_ claims: AccessClaims) async throws -> String {
        try await keys.sign(claims, header: ["kid": .string(id)])
    }

    /// - Throws: When the signature is not from this key, or the claims are not those of an access token.
    func verify(_ token: String) async throws -> AccessClaims {
        try await keys.verify(token, as: AccessClaims.self)
    }
}

extension SigningKey {
    /// The stored form, sealed so that a copy of the database cannot sign.
    func sealed(with seal: Seal) throws -> [UInt8] { try seal.close(raw, for: id) }

    /// - Throws: ``BrokenSeal`` when it was sealed with another secret.
    init(id: String, sealed: [UInt8], with seal: Seal) async throws {
        try await self.init(P256.Signing.PrivateKey(rawRepresentation: seal.open(sealed, for: id)))
    }
}
