import Crypto
import Postgres
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Google's ID tokens at a command, signed with ES256, and the key to check them (`/google/jwks`).
struct GoogleRoutes: Sendable {
    let keys: GoogleKeyStore
    let clock: SandboxClock
    /// The client that the tokens are issued for.
    let audience: String

    func register(on routes: RawRoutes) {
        routes.on(.post, "/google/id_token", issue)
        routes.on(.get, "/google/jwks") { _ in try await .json(["keys": [keys.key().publicJSON]]) }
    }

    private func issue(_ request: RawRequest) async throws -> Answer {
        let input = try ControlInput(request.body, members: ["email", "name", "email_verified"])
        guard let email = try input.text("email", 3...254), email.contains("@"),
            var person = GooglePerson(login: email)
        else {
            throw Refusal.validation("email", "must be a mail address")
        }
        if let name = try input.text("name", 1...200) { person.name = name }
        person.isVerified = try input.flag("email_verified", default: person.isVerified)
        let claims = person.claims(for: audience, at: clock.now)
        return .json(["id_token": .string(try await keys.key().sign(claims))])
    }
}

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

/// Every statement on the table `google_keys`.
struct GoogleKeyStore: Sendable {
    let database: Database

    /// The key, created at the first use. When two are created at once, the first one stored counts.
    func key() async throws -> GoogleKey {
        let stored = try await database.first("SELECT private_key FROM google_keys") {
            try $0.decode(at: 0, as: [UInt8].self)
        }
        if let stored { return try GoogleKey(stored: stored) }
        let fresh = Array(P256.Signing.PrivateKey().rawRepresentation)
        try await database.execute(
            "INSERT INTO google_keys (private_key) VALUES (\(fresh)) ON CONFLICT DO NOTHING")
        return try GoogleKey(
            stored: try await database.one("SELECT private_key FROM google_keys") { try $0.decode(at: 0) })
    }
}
