import SharedModels

/// How the end of a contract changes both parties' scores, and a lost dispute the loser's.
enum GhostScore {
    static let lostDispute = -15

    /// `nil` when the scores stay.
    static func points(for status: ContractStatus) -> Int? {
        switch status {
        case .completed: 5
        case .expired: -5
        case .pendingOwnerApproval, .pendingFreelancerKYC, .pendingClientFunding, .pendingBoth, .active,
            .cancelled:
            nil
        }
    }
}
