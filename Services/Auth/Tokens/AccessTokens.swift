import JWTKit
import ServiceKit
import SharedModels

/// The claims of an access token (RFC 7519, and the Skillhouse surface's `id` and `role`).
struct AccessClaims: JWTPayload, Equatable {
    /// As the Skillhouse surface writes it. `sub` is the same account.
    let id: ObjectID<AccountKind>
    let role: Role
    let sub: AccountID
    let sid: SessionID
    /// Seconds since 1970, as is `exp`.
    let iat: Int64
    let exp: Int64

    /// ``AccessTokens`` checks the claims, because it knows the time.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// Issues access tokens and reads them back: JWT with ES256 (RFC 7518, section 3.4).
struct AccessTokens: Sendable {
    /// Short, because another service that receives the token could use it like its owner.
    static let lifetime = Duration.hours(2)
    private static let algorithm = "ES256"

    /// Newest first. The first one signs.
    private let keys: [SigningKey]

    init(keys: [SigningKey]) {
        precondition(!keys.isEmpty, "tokens are signed with a key")
        self.keys = keys
    }

    var publicKeys: JSONWebKeySet { JSONWebKeySet(keys: keys.map(\.publicKey)) }

    func token(for account: Account, session: SessionID, at now: Timestamp) async throws -> String {
        try await keys[0].sign(
            AccessClaims(
                id: ObjectID(account.id), role: account.role, sub: account.id, sid: session, iat: now.seconds,
                exp: (now + Self.lifetime).seconds))
    }

    /// - Returns: `nil` for a text that is not an access token of ours, or that has expired.
    func claims(of token: String, at now: Timestamp) async -> AccessClaims? {
        do {
            let header = try TokenHeader.read(token, as: AccessClaims.self, algorithm: Self.algorithm)
            guard let key = keys.first(where: { $0.id == header.kid }) else { return nil }
            let claims = try await key.verify(token)
            return claims.id.id == claims.sub && now.seconds < claims.exp ? claims : nil
        } catch {
            // The caller is not told why a token was refused.
            return nil
        }
    }
}
