import ServiceKit
import SharedModels

/// A program that may ask people for access, as it is stored.
struct OAuthClient: Sendable, Equatable {
    /// The maximum number per account, because each can ask people in the account's name.
    static let limit = 20

    let id: OAuthClientID
    /// Who registered it.
    let accountID: AccountID
    let name: String
    let uri: String?
    let redirectURIs: [String]
    let grantTypes: [OAuthGrantType]
    let authentication: OAuthClientAuthentication
    let scopes: [Scope]
    /// `nil` for a public client.
    let sha256: [UInt8]?
    let createdAt: Timestamp

    var isPublic: Bool { authentication == .none }

    func hasSecret(_ text: String) -> Bool {
        sha256.map { constantTimeEqual(APIKeyFormat.sha256(text), $0) } ?? false
    }

    /// The place for an answer.
    ///
    /// - Parameter asked: `nil` when the client left it out, which it may when it has one only.
    /// - Returns: `nil` when it is not registered.
    func redirectURI(for asked: String?) -> String? {
        guard let asked else { return redirectURIs.count == 1 ? redirectURIs[0] : nil }
        return redirectURIs.contains { RedirectURI.allows(asked, $0, isPublic: isPublic) } ? asked : nil
    }

    /// What a request for `text` means: all that the client is registered for when nothing is named.
    ///
    /// - Throws: ``OAuthTokenError/invalidScope(_:)``
    func scopes(for text: String?) throws(OAuthTokenError) -> [Scope] {
        guard let text else { return scopes }
        return try Scope.reading(text, within: scopes, of: "the client is registered for")
    }

    var view: OAuthClientView {
        OAuthClientView(
            clientID: id, clientIDIssuedAt: createdAt.seconds, clientName: name, clientURI: uri,
            redirectURIs: redirectURIs, grantTypes: grantTypes, tokenEndpointAuthMethod: authentication,
            scope: scopes.text)
    }
}

extension Account {
    /// Clients belong to enterprise accounts (platform contract, section 2).
    var mayHaveClients: Bool { isAdmin || plan == .enterprise || plan == .custom }
}

extension Scope {
    /// The scopes that `text` names, separated by spaces, each once.
    ///
    /// - Parameter words: What `allowed` is, after "more than".
    /// - Throws: ``OAuthTokenError/invalidScope(_:)``
    static func reading(
        _ text: String, within allowed: [Scope], of words: String
    ) throws(OAuthTokenError) -> [Scope] {
        let names = text.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        for name in names where !allowed.contains(where: { $0.rawValue.isSpelled(name) }) {
            throw .invalidScope("scope has more than \(words): \(name.excerpt)")
        }
        let scopes = allowed.filter { scope in names.contains { $0.isSpelled(scope.rawValue) } }
        guard !scopes.isEmpty else { throw .invalidScope("scope names nothing") }
        return scopes
    }
}

extension [Scope] {
    /// As OAuth writes it.
    var text: String { map(\.rawValue).joined(separator: " ") }
}
