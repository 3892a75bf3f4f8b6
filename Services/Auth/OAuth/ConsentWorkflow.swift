import Crypto
import Postgres
import ServiceKit
import SharedModels

/// Asks people for access in the name of clients, and gives out what they allow: a code.
struct ConsentWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let clients: OAuthClientStore
    let grants: OAuthGrantStore
    let issuer: String
    /// Of the proofs in forms. The first one makes them.
    let keys: [SymmetricKey]

    /// A question to one person.
    struct Question: Sendable {
        let request: AuthorizationRequest
        let account: Account
        /// Shows that an answer comes from a form that we made, for this session and this question.
        let proof: String
    }

    /// - Throws: ``AuthorizationError``
    func request(_ parameters: AuthorizationParameters) async throws -> AuthorizationRequest {
        guard let id = parameters.clientID.flatMap({ OAuthClientID($0) }),
            let client = try await clients.find(id, in: database)
        else { throw AuthorizationError.unknownClient }
        return try AuthorizationRequest(
            parameters, client, registrant: try await accounts.find(client.accountID, in: database))
    }

    /// - Throws: ``AccountError/notFound(_:)``
    func question(_ request: AuthorizationRequest, to session: LiveSession) async throws -> Question {
        guard let account = try await accounts.find(session.accountID, in: database) else {
            throw AccountError.notFound(session.accountID)
        }
        return Question(request: request, account: account, proof: proof(of: request, session.id, keys[0]))
    }

    /// - Throws: ``AuthorizationError/foreignForm``
    func check(_ proof: String?, of request: AuthorizationRequest, in session: SessionID) throws {
        guard let proof,
            keys.contains(where: { constantTimeEqual(self.proof(of: request, session, $0).utf8, proof.utf8) })
        else { throw AuthorizationError.foreignForm }
    }

    private func proof(of request: AuthorizationRequest, _ session: SessionID, _ key: SymmetricKey) -> String {
        let text = "\(session) \(request.parameters.path)"
        return Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// Gives the client a code.
    ///
    /// - Returns: Where the browser goes with it.
    /// - Throws: ``AccountError``, ``AuthorizationError/unknownClient`` when it was removed in the meantime.
    func allow(_ request: AuthorizationRequest, by account: AccountID) async throws -> String {
        let (now, text) = (clock.now, OAuthTokenFormat.code.make())
        try await database.transaction { tx in
            try await accounts.lockActive(account, in: tx)
            guard try await clients.hold(request.client.id, in: tx) != nil else {
                throw AuthorizationError.unknownClient
            }
            let grant = try await grants.open(request.client.id, by: account, at: now, in: tx)
            let code = AuthorizationCode(
                sha256: APIKeyFormat.sha256(text), grantID: grant, redirectURI: request.parameters.redirectURI,
                challenge: request.challenge, scopes: request.scopes, expiresAt: now + OAuthLimits.code)
            try await grants.insert(code, at: now, in: tx)
        }
        return request.answer([("code", text)], from: issuer)
    }

    func deny(_ request: AuthorizationRequest) -> String {
        sendBack(.accessDenied, to: request.redirectURI, state: request.parameters.state)
    }

    /// Where the browser goes with a refusal.
    func sendBack(_ error: OAuthTokenError, to place: String, state: String?) -> String {
        AuthorizationRequest.answer(
            [("error", OAuthErrorText.name(of: error)), ("error_description", OAuthErrorText.description(of: error))],
            at: place, state: state, from: issuer)
    }
}
