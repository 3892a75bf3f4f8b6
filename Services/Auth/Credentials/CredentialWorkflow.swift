import Postgres
import ServiceKit
import SharedModels

/// The judge of credentials.
struct CredentialWorkflow: Sendable {
    /// How exact `last_used_at` is: a write per use would cost more than the use.
    static let useResolution = Duration.seconds(60)

    let database: Database
    let clock: any DomainClock
    let credentials: CredentialStore
    let keys: KeyStore
    let usage: UsageStore
    let tokens: AccessTokens

    /// Whose credential this is, and how many requests it may make.
    ///
    /// A credential that is not accepted is an answer, not an error.
    func resolve(_ input: CredentialInput) async throws -> CredentialResolution {
        switch input.source {
        case .cookie: try await resolveSession(input)
        case .token where APIKeyFormat.read(input.secret) == .key: try await resolveKey(input)
        case .token: try await resolveAccessToken(input.secret)
        }
    }

    private func resolveSession(_ input: CredentialInput) async throws -> CredentialResolution {
        let now = clock.now
        let digest = APIKeyFormat.sha256(input.secret)
        guard let session = try await credentials.session(sha256: digest, in: database), now < session.expiresAt else {
            return CredentialResolution(refusal: "The session has ended; sign in again.")
        }
        return CredentialResolution(principal: session.principal, grant: GrantPolicy.unmetered(at: now))
    }

    private func resolveKey(_ input: CredentialInput) async throws -> CredentialResolution {
        let now = clock.now
        guard let key = try await credentials.key(sha256: APIKeyFormat.sha256(input.secret), in: database) else {
            return CredentialResolution(refusal: "The API key or token is not known.")
        }
        if key.isRevoked { return CredentialResolution(refusal: "The API key was revoked.") }
        guard now < key.expiresAt else { return CredentialResolution(refusal: "The API key has expired.") }
        let grant = try await grant(key.principal, unspent: input.unspent, at: now)
        try await noteUse(of: key, at: now)
        return CredentialResolution(principal: key.principal, grant: grant)
    }

    /// What counts is what the account is now, not what it was when the token was signed.
    private func resolveAccessToken(_ text: String) async throws -> CredentialResolution {
        let now = clock.now
        guard let claims = await tokens.claims(of: text, at: now) else {
            return CredentialResolution(refusal: "The API key or token is not known, or the token has expired.")
        }
        guard let principal = try await credentials.tokenSession(claims, at: now, in: database) else {
            return CredentialResolution(refusal: "The session has ended; sign in again.")
        }
        return CredentialResolution(principal: principal, grant: GrantPolicy.unmetered(at: now))
    }

    private func grant(_ principal: Principal, unspent: Int, at now: Timestamp) async throws -> Grant {
        guard let limits = principal.plan.limits else { return GrantPolicy.unlimited(at: now) }
        let charge = try await usage.charge(principal.accountID, limits, unspent: unspent, at: now, in: database)
        return GrantPolicy.grant(charge, under: limits, at: now)
    }

    private func noteUse(of key: StoredCredential, at now: Timestamp) async throws {
        let earlier = now - Self.useResolution
        guard let id = key.principal.apiKeyID, key.lastUsedAt.map({ $0 <= earlier }) ?? true else { return }
        try await keys.noteUse(of: id, at: now, unlessAfter: earlier, in: database)
    }
}
