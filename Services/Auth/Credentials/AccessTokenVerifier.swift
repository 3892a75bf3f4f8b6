import Postgres
import ServiceKit
import SharedModels

/// Verifies access tokens by their signature.
struct AccessTokenVerifier: CredentialVerifier {
    let database: Database
    let clock: any DomainClock
    let tokens: AccessTokens
    let credentials = CredentialStore()

    /// The account's present state counts, not the one when the token was signed.
    func verify(_ input: CredentialInput) async throws -> CredentialResolution? {
        let now = clock.now
        guard input.source == .token, let claims = await tokens.claims(of: input.secret, at: now) else { return nil }
        guard let session = try await credentials.findSession(of: claims, at: now, in: database) else {
            return CredentialResolution(refusal: "The session has ended; sign in again.")
        }
        if session.isBlocked { return .blocked }
        return CredentialResolution(principal: session.principal, grant: GrantPolicy.unmetered(at: now))
    }
}
