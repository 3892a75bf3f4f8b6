import Crypto
import Foundation
import JWTKit
import ServiceKit
import SharedModels

/// A key that access tokens are signed with (ES256).
struct SigningKey: Sendable {
    /// The thumbprint of the public key (RFC 7638): the `kid` of its tokens.
    let id: String
    let publicKey: JSONWebKey
    /// Holds this key alone, so that no other can be taken for it.
    private let keys: JWTKeyCollection
    private let raw: [UInt8]

    init(_ key: P256.Signing.PrivateKey = P256.Signing.PrivateKey()) async throws {
        let point = key.publicKey.rawRepresentation
        let (x, y) = (RandomText.encode(point.prefix(32)), RandomText.encode(point.suffix(32)))
        let members = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        id = RandomText.encode(SHA256.hash(data: Array(members.utf8)))
        publicKey = JSONWebKey(x: x, y: y, kid: id)
        raw = [UInt8](key.rawRepresentation)
        keys = await JWTKeyCollection().add(ecdsa: try ES256PrivateKey(backing: key))
    }

    func sign(_ claims: AccessClaims) async throws -> String {
        try await keys.sign(claims, header: ["kid": .string(id)])
    }

    /// - Throws: When the signature is not this key's, or the claims are not those of an access token.
    func verify(_ token: String) async throws -> AccessClaims {
        try await keys.verify(token, as: AccessClaims.self)
    }
}

extension SigningKey {
    /// What is stored is sealed with (AES-256-GCM), so that a copy of the database signs nothing.
    ///
    /// - Parameter secret: `SERVICE_SECRET`, from which it is derived (HKDF, RFC 5869).
    static func seal(madeOf secret: Secret) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret.bytes), info: Data("signing keys".utf8),
            outputByteCount: 32)
    }

    func sealed(with seal: SymmetricKey) throws -> [UInt8] {
        guard let sealed = try AES.GCM.seal(raw, using: seal, authenticating: Array(id.utf8)).combined else {
            preconditionFailure("a nonce of the usual length makes a combined box")
        }
        return [UInt8](sealed)
    }

    /// - Returns: `nil` when it was sealed with another secret.
    init?(id: String, sealed: [UInt8], with seal: SymmetricKey) async throws {
        let raw: Data
        do {
            raw = try AES.GCM.open(
                AES.GCM.SealedBox(combined: sealed), using: seal, authenticating: Array(id.utf8))
        } catch is CryptoKitError {
            return nil
        }
        try await self.init(P256.Signing.PrivateKey(rawRepresentation: raw))
    }
}
