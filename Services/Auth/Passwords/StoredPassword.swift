import SharedModels

/// The credentials with which an account signs in.
struct StoredPassword: Sendable, Equatable {
    let accountID: AccountID
    let hash: StoredHash

    init(accountID: AccountID, hash: StoredHash) {
        (self.accountID, self.hash) = (accountID, hash)
    }

    init(accountID: AccountID, hash: PasswordHash) {
        self.init(accountID: accountID, hash: .own(hash))
    }
}

/// What a password is checked against.
enum StoredHash: Sendable, Equatable {
    case own(PasswordHash)
    /// Until its owner signs in.
    case imported(BcryptHash)

    /// - Returns: `nil` for any other form.
    init?(_ text: String) {
        if let hash = PasswordHash(text) {
            self = .own(hash)
        } else if let hash = BcryptHash(text) {
            self = .imported(hash)
        } else {
            return nil
        }
    }

    var text: String {
        switch self {
        case .own(let hash): hash.text
        case .imported(let hash): hash.text
        }
    }

    var isImported: Bool {
        if case .imported = self { true } else { false }
    }
}
