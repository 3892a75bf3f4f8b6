import SharedModels

/// The parties' actions on a deal: the verbs of the paths.
enum DealAction: String, CaseIterable, Sendable {
    case round, agree, decline, approve, revise, connect, fund, deliver, release, dispute, respond, recommend,
        review

    /// Which sides may ever do it. The deal's states decide when they may.
    var roles: [PartyRole] {
        switch self {
        case .round, .agree, .decline, .approve, .revise, .dispute, .respond, .recommend, .review: [.client, .worker]
        case .connect, .deliver: [.worker]
        case .fund, .release: [.client]
        }
    }
}

extension [NextAction] {
    /// The names of the actions for `role`: a refusal's `allowed`.
    func names(for role: PartyRole) -> [String] {
        filter { $0.by.contains(role) }.map(\.action)
    }
}
