import SharedModels

/// A credential as stored in the database, valid or not.
struct StoredCredential: Sendable {
    let principal: Principal
    /// Whether its account is blocked.
    let isBlocked: Bool
    let isRevoked: Bool
    /// `nil` when it does not expire.
    let expiresAt: Timestamp?
    let lastUsedAt: Timestamp?
}

extension CredentialResolution {
    /// The refusal of every credential of a blocked account.
    static let blocked = CredentialResolution(refusal: AccountError.blocked.publicMessage, isBlocked: true)
}
