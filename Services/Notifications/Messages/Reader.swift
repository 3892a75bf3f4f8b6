import SharedModels

/// Who reads a message.
struct Reader: Sendable, Hashable {
    let account: AccountID
    let language: Language
}

/// The names of accounts, as far as they are known.
typealias KnownNames = [AccountID: String]
