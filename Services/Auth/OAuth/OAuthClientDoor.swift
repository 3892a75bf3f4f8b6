import Postgres
import ServiceKit
import SharedModels

/// Decides whether a request comes from the client that it names, and counts guesses.
///
/// Only wrong secrets and made-up tokens are counted, by client and place. A client that shows the right ones as often
/// as it likes never counts, and who guesses elsewhere does not lock it out.
struct OAuthClientDoor: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let clients: OAuthClientStore
    let attempts: AttemptStore

    /// - Throws: ``OAuthTokenError/invalidClient(_:)``, ``OAuthTokenError/tooManyGuesses(retryAfter:)``
    func admit(_ proof: ClientProof, from place: Place) async throws -> OAuthClient {
        guard let id = OAuthClientID(proof.id), let client = try await clients.find(id, in: database) else {
            throw OAuthTokenError.invalidClient("There is no such client")
        }
        let subject = AttemptSubject.oauthClient(id, place: place)
        if let wait = try await attempts.closure(of: subject, at: clock.now, in: database) {
            throw OAuthTokenError.tooManyGuesses(retryAfter: wait)
        }
        switch (client.isPublic, proof.secret) {
        case (true, nil): break
        case (true, _?): throw OAuthTokenError.invalidClient("A public client has no secret to show")
        case (false, nil): throw OAuthTokenError.invalidClient("The client's secret is missing")
        case (false, let secret?):
            guard client.hasSecret(secret) else {
                try await count(guessOf: client, from: place)
                throw OAuthTokenError.invalidClient("The client's secret is wrong")
            }
        }
        guard try await accounts.find(client.accountID, in: database)?.status == .active else {
            throw OAuthTokenError.invalidClient("The account that the client belongs to is blocked")
        }
        return client
    }

    /// Counts a secret, code or token that was never given out.
    func count(guessOf client: OAuthClient, from place: Place) async throws {
        _ = try await attempts.reserve(.oauthClient(client.id, place: place), at: clock.now, in: database)
    }
}
