import SharedModels

/// How an account is written to, on all its channels and in its inbox.
struct ReadingSettings: Sendable, Equatable {
    /// For accounts that have chosen none.
    static let standard = Language.english

    var language = Self.standard
}
