import Postgres
import ServiceKit
import SharedModels

/// An account's clients: who may ask people for access in its name.
struct OAuthClientWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let clients: OAuthClientStore
    let tokens: OAuthTokenStore

    /// - Throws: ``OAuthClientError``
    func register(
        _ input: OAuthClientInput, by account: AccountID
    ) async throws -> (client: OAuthClient, secret: String?) {
        let now = clock.now
        return try await database.transaction { tx in
            guard try await accounts.lockActive(account, in: tx).mayHaveClients else {
                throw OAuthClientError.notEnterprise
            }
            let made = try OAuthClient.registering(input, by: account, at: now)
            guard try await clients.count(of: account, in: tx) < OAuthClient.limit else {
                throw OAuthClientError.tooMany
            }
            try await clients.insert(made.client, in: tx)
            return made
        }
    }

    func page(of account: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<OAuthClient> {
        try await clients.page(of: account, after: cursor, limit: limit, in: database)
    }

    /// - Throws: ``OAuthClientError/notFound``
    func client(_ id: OAuthClientID, of account: AccountID) async throws -> OAuthClient {
        guard let client = try await clients.find(id, of: account, in: database) else {
            throw OAuthClientError.notFound
        }
        return client
    }

    /// Removes a client. All its tokens end in every service.
    ///
    /// - Throws: ``OAuthClientError/notFound``
    func delete(_ id: OAuthClientID, of account: AccountID) async throws {
        try await database.transaction { tx in
            guard try await clients.lock(id, of: account, in: tx) != nil else { throw OAuthClientError.notFound }
            try await tokens.announceEnd(.client(id), in: tx)
            try await clients.delete(id, in: tx)
        }
    }
}
