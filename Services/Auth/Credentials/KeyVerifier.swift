import Postgres
import ServiceKit
import SharedModels

/// Verifies API keys, and charges them to their account's plan.
struct KeyVerifier: CredentialVerifier {
    /// How exact `last_used_at` is. A write at every use would cost more than the use itself.
    static let useResolution = Duration.seconds(60)

    let database: Database
    let clock: any DomainClock
    let credentials = CredentialStore()
    let keys = KeyStore()
    let meter = PlanMeter()

    func verify(_ input: CredentialInput) async throws -> CredentialResolution? {
        guard input.source == .token, APIKeyFormat.read(input.secret) == .key else { return nil }
        let now = clock.now
        guard let key = try await credentials.findKey(sha256: APIKeyFormat.sha256(input.secret), in: database) else {
            return CredentialResolution(refusal: "The API key or token is not known.")
        }
        if key.isBlocked { return .blocked }
        if key.isRevoked { return CredentialResolution(refusal: "The API key was revoked.") }
        guard key.expiresAt.map({ now < $0 }) ?? true else {
            return CredentialResolution(refusal: "The API key has expired.")
        }
        let grant = try await meter.grant(to: key.principal, input, at: now, in: database)
        try await noteUse(of: key, at: now)
        return CredentialResolution(principal: key.principal, grant: grant)
    }

    private func noteUse(of key: StoredCredential, at now: Timestamp) async throws {
        let earlier = now - Self.useResolution
        guard let id = key.principal.apiKeyID, key.lastUsedAt.map({ $0 <= earlier }) ?? true else { return }
        try await keys.noteUse(of: id, at: now, unlessAfter: earlier, in: database)
    }
}
