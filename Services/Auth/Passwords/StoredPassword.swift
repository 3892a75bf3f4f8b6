import SharedModels

/// The credentials with which an account signs in.
struct StoredPassword: Sendable, Equatable {
    let accountID: AccountID
    let hash: PasswordHash
}
