import SharedModels

/// A credential as stored in the database, valid or not.
struct StoredCredential: Sendable {
    let principal: Principal
    let isRevoked: Bool
    /// `nil` when it does not expire.
    let expiresAt: Timestamp?
    let lastUsedAt: Timestamp?
}
