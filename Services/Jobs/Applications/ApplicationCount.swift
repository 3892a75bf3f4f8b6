import SharedModels

/// How many have applied to a gig, for its owner's lists.
struct ApplicationCount: Sendable, Equatable {
    /// So many at most are counted of each gig.
    static let most = 1_000

    let gigID: GigID
    let total: Int
    /// Of them, those whom the owner has neither shortlisted nor rejected.
    let undecided: Int
}
