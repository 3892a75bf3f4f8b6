import Postgres
import ServiceKit
import SharedModels

/// Verifies browser sessions by their cookie.
struct SessionVerifier: CredentialVerifier {
    let database: Database
    let clock: any DomainClock
    let credentials = CredentialStore()

    func verify(_ input: CredentialInput) async throws -> CredentialResolution? {
        guard input.source == .cookie else { return nil }
        let now = clock.now
        let digest = APIKeyFormat.sha256(input.secret)
        guard let session = try await credentials.findSession(sha256: digest, in: database),
            session.expiresAt.map({ now < $0 }) ?? true
        else {
            return CredentialResolution(refusal: "The session has ended; sign in again.")
        }
        if session.isBlocked { return .blocked }
        return CredentialResolution(principal: session.principal, grant: GrantPolicy.unmetered(at: now))
    }
}
