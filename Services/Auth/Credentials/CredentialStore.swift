import Postgres
import SharedModels

/// Finds credentials together with their account, most of them by the SHA-256 of their text. Credentials of a deleted
/// account are never found.
struct CredentialStore: Sendable {
    func findSession(sha256: [UInt8], in executor: some SQLExecutor) async throws -> StoredCredential? {
        try await executor.first(
            """
            SELECT s.id, s.expires_at, a.id AS account_id, a.user_type, a.is_admin, a.plan, a.github_username, a.status
              FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.status <> 'deleted'
             WHERE s.secret_sha256 = \(sha256)
            """
        ) { row in
            let end: Timestamp = try row.decode("expires_at")
            let principal = Principal(
                accountID: try row.decode("account_id"), userType: try row.decode("user_type"),
                isAdmin: try row.decode("is_admin"), plan: try row.decode("plan"), credential: .session,
                sessionID: try row.decode("id"),
                githubUsername: try row.decodeIfPresent("github_username"), expiresAt: end)
            return StoredCredential(
                principal: principal, isBlocked: try row.isBlocked, isRevoked: false, expiresAt: end, lastUsedAt: nil)
        }
    }

    /// The session that an access token belongs to, unless it has ended.
    func findSession(
        of claims: AccessClaims, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> StoredCredential? {
        try await executor.first(
            """
            SELECT a.user_type, a.is_admin, a.plan, a.github_username, a.status
              FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.status <> 'deleted'
             WHERE s.id = \(claims.sid) AND s.account_id = \(claims.sub) AND s.refresh_key IS NOT NULL
               AND s.expires_at > \(now)
            """
        ) { row in
            let end = Timestamp(seconds: claims.exp)
            let principal = Principal(
                accountID: claims.sub, userType: try row.decode("user_type"),
                isAdmin: try row.decode("is_admin"), plan: try row.decode("plan"), credential: .accessToken,
                sessionID: claims.sid, githubUsername: try row.decodeIfPresent("github_username"), expiresAt: end)
            return StoredCredential(
                principal: principal, isBlocked: try row.isBlocked, isRevoked: false, expiresAt: end, lastUsedAt: nil)
        }
    }

    func findKey(sha256: [UInt8], in executor: some SQLExecutor) async throws -> StoredCredential? {
        try await executor.first(
            """
            SELECT k.id, k.hosted_agent_id, k.scopes, k.expires_at, k.revoked_at, k.last_used_at,
                   a.id AS account_id, a.user_type, a.is_admin, a.plan, a.github_username, a.status
              FROM api_keys k JOIN accounts a ON a.id = k.account_id AND a.status <> 'deleted'
             WHERE k.secret_sha256 = \(sha256)
            """
        ) { row in
            let end: Timestamp? = try row.decodeIfPresent("expires_at")
            let revokedAt: Timestamp? = try row.decodeIfPresent("revoked_at")
            let principal = Principal(
                accountID: try row.decode("account_id"), userType: try row.decode("user_type"),
                isAdmin: try row.decode("is_admin"), plan: try row.decode("plan"), credential: .apiKey,
                apiKeyID: try row.decode("id"), hostedAgentID: try row.decodeIfPresent("hosted_agent_id"),
                scopes: try row.decodeIfPresent("scopes", as: [Scope].self),
                githubUsername: try row.decodeIfPresent("github_username"), expiresAt: end)
            return StoredCredential(
                principal: principal, isBlocked: try row.isBlocked, isRevoked: revokedAt != nil, expiresAt: end,
                lastUsedAt: try row.decodeIfPresent("last_used_at"))
        }
    }

    /// It counts as revoked while the account that its client belongs to is blocked. For an admin it acts as for
    /// everybody else: the page where they allow it speaks of their own things alone.
    func findOAuthToken(sha256: [UInt8], in executor: some SQLExecutor) async throws -> StoredCredential? {
        try await executor.first(
            """
            SELECT t.scopes, t.expires_at, a.id AS account_id, a.user_type, a.plan, a.github_username,
                   a.status, owner.status <> 'active' AS is_revoked
              FROM oauth_access_tokens t JOIN accounts a ON a.id = t.account_id AND a.status <> 'deleted'
                   JOIN oauth_clients c ON c.id = t.client_id
                   JOIN accounts owner ON owner.id = c.account_id AND owner.status <> 'deleted'
             WHERE t.sha256 = \(sha256)
            """
        ) { row in
            let end: Timestamp = try row.decode("expires_at")
            let principal = Principal(
                accountID: try row.decode("account_id"), userType: try row.decode("user_type"),
                isAdmin: false, plan: try row.decode("plan"), credential: .oauthToken,
                scopes: try row.decode("scopes", as: [Scope].self),
                githubUsername: try row.decodeIfPresent("github_username"), expiresAt: end)
            return StoredCredential(
                principal: principal, isBlocked: try row.isBlocked, isRevoked: try row.decode("is_revoked"),
                expiresAt: end, lastUsedAt: nil)
        }
    }
}

extension Row {
    fileprivate var isBlocked: Bool {
        get throws { try decode("status", as: AccountStatus.self) == .blocked }
    }
}
