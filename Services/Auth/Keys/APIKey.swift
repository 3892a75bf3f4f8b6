import ServiceKit
import SharedModels

/// An API key as it is stored, without its text.
struct APIKey: Sendable, Equatable {
    /// Counted from its creation (ClawConnected contract, section 3).
    static let lifetime = Duration.days(90)
    /// The maximum number of usable keys per account, because each gives access to it.
    static let limit = 100

    let id: APIKeyID
    let accountID: AccountID
    let prefix: String
    let displayPrefix: String
    let name: String?
    let hostedAgentID: HostedAgentID?
    /// `nil` when the key may do everything that the account may do.
    let scopes: [Scope]?
    let sha256: [UInt8]
    let createdAt: Timestamp
    /// `nil` when it does not expire.
    let expiresAt: Timestamp?
    var revokedAt: Timestamp?
    var replacedBy: APIKeyID?
    var lastUsedAt: Timestamp?

    static func make(
        for account: AccountID, prefix: String, name: String?, hostedAgentID: HostedAgentID?, scopes: [Scope]?,
        endingAt end: Timestamp?, at now: Timestamp
    ) -> NewKey {
        let text = APIKeyFormat.generate(prefix: prefix)
        let key = APIKey(
            id: .make(at: now), accountID: account, prefix: prefix,
            displayPrefix: APIKeyFormat.displayPrefix(of: text, prefix: prefix), name: name,
            hostedAgentID: hostedAgentID, scopes: scopes, sha256: APIKeyFormat.sha256(text), createdAt: now,
            expiresAt: end)
        return NewKey(key: key, text: text)
    }

    /// A new key with the same name, agent, prefix, scopes and lifetime.
    func successor(at now: Timestamp) -> NewKey {
        Self.make(
            for: accountID, prefix: prefix, name: name, hostedAgentID: hostedAgentID, scopes: scopes,
            endingAt: expiresAt.map { now + ($0 - createdAt) }, at: now)
    }

    /// Whether `maker` may hold a key like this one. An agent's key holds none but that agent's.
    ///
    /// - Throws: ``KeyError/mayDoMore(_:)``, ``KeyError/ofAnother``.
    func requireWithinReach(of maker: Principal) throws(KeyError) {
        if let own = maker.scopes {
            guard let scopes else { throw .mayDoMore([]) }
            let missing = scopes.filter { !own.contains($0) }
            guard missing.isEmpty else { throw .mayDoMore(missing) }
        }
        guard maker.hostedAgentID == nil || maker.hostedAgentID == hostedAgentID else { throw .ofAnother }
    }

    func isValid(at now: Timestamp) -> Bool { revokedAt == nil && expiresAt.map { now < $0 } ?? true }

    var view: APIKeyView {
        APIKeyView(
            id: id, prefix: prefix, displayPrefix: displayPrefix, name: name, hostedAgentID: hostedAgentID,
            scopes: scopes, expiresAt: expiresAt, revokedAt: revokedAt, lastUsedAt: lastUsedAt, createdAt: createdAt)
    }
}

/// A key that was just created, with its text, which is never shown again.
struct NewKey: Sendable {
    let key: APIKey
    let text: String

    var id: APIKeyID { key.id }
}

extension CreatedAPIKey {
    init(_ made: NewKey) {
        self.init(
            id: made.key.id, key: made.text, prefix: made.key.prefix, name: made.key.name,
            hostedAgentID: made.key.hostedAgentID, expiresAt: made.key.expiresAt, createdAt: made.key.createdAt)
    }
}
