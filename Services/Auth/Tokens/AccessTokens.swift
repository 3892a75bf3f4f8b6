import JWTKit
import ServiceKit
import SharedModels

/// What an access token says (RFC 7519, and the Skillhouse surface's `id` and `role`).
struct AccessClaims: JWTPayload, Equatable {
    let id: AccountID
    let role: Role
    let sub: AccountID
    let sid: SessionID
    /// Seconds since 1970, as is `exp`.
    let iat: Int64
    let exp: Int64

    /// The claims are checked by ``AccessTokens``, which knows the time.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// Issues access tokens and reads them back: JWT with ES256 (RFC 7518, section 3.4).
struct AccessTokens: Sendable {
    /// Short, as a token that is shown to somebody else's service cannot be told from its owner's.
    static let lifetime = Duration.hours(2)
    private static let algorithm = "ES256"

    /// Newest first; the first signs.
    private let keys: [SigningKey]

    init(keys: [SigningKey]) {
        precondition(!keys.isEmpty, "tokens are signed with a key")
        self.keys = keys
    }

    var publicKeys: JSONWebKeySet { JSONWebKeySet(keys: keys.map(\.publicKey)) }

    func token(for account: Account, session: SessionID, at now: Timestamp) async throws -> String {
        try await keys[0].sign(
            AccessClaims(
                id: account.id, role: account.role, sub: account.id, sid: session, iat: now.seconds,
                exp: (now + Self.lifetime).seconds))
    }

    /// - Returns: `nil` for whatever is no access token of ours or has expired.
    func claims(of token: String, at now: Timestamp) async -> AccessClaims? {
        do {
            let header = try TokenHeader.read(token, as: AccessClaims.self, algorithm: Self.algorithm)
            guard let key = keys.first(where: { $0.id == header.kid }) else { return nil }
            let claims = try await key.verify(token)
            return claims.id == claims.sub && now.seconds < claims.exp ? claims : nil
        } catch {
            // Why it is not ours is nobody's business.
            return nil
        }
    }
}
