import Logging
import Postgres
import ServiceKit
import SharedModels

/// The workflows of OAuth 2.0, put together.
struct OAuthFeatures: Sendable {
    let clients: OAuthClientWorkflow
    let consent: ConsentWorkflow
    let tokens: OAuthTokenWorkflow
    let end: OAuthTokenEnd

    /// - Parameter issuer: Where clients reach us.
    init(
        database: Database, clock: any DomainClock, accounts: AccountStore, attempts: AttemptStore, issuer: String,
        serviceSecret: RotatingSecret, logger: Logger
    ) {
        let (clientStore, grants, tokenStore) = (OAuthClientStore(), OAuthGrantStore(), OAuthTokenStore())
        let door = OAuthClientDoor(
            database: database, clock: clock, accounts: accounts, clients: clientStore, attempts: attempts)
        clients = OAuthClientWorkflow(
            database: database, clock: clock, accounts: accounts, clients: clientStore, tokens: tokenStore)
        consent = ConsentWorkflow(
            database: database, clock: clock, accounts: accounts, clients: clientStore, grants: grants, issuer: issuer,
            keys: serviceSecret.all.map { $0.key(for: .consentForms) })
        tokens = OAuthTokenWorkflow(
            database: database, clock: clock, accounts: accounts, clients: clientStore, grants: grants,
            tokens: tokenStore, door: door, logger: logger)
        end = OAuthTokenEnd(
            database: database, clock: clock, accounts: accounts, clients: clientStore, grants: grants,
            tokens: tokenStore, door: door, issuer: issuer)
    }
}
