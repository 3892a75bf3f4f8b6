import SharedModels

/// What the parties can do with a deal: the verbs of the paths.
enum DealAction: String, CaseIterable, Sendable {
    case round, agree, approve, revise, connect, fund, deliver, release, dispute, respond, recommend,
        review

    /// Which side may do it at all; when it may is decided by the deal's states.
    var roles: [PartyRole] {
        switch self {
        case .round, .agree, .approve, .revise, .dispute, .respond, .recommend, .review: [.client, .worker]
        case .connect, .deliver: [.worker]
        case .fund, .release: [.client]
        }
    }
}

extension [NextAction] {
    /// The names of what `role` may do: a refusal's `allowed`.
    func names(for role: PartyRole) -> [String] {
        filter { $0.by.contains(role) }.map(\.action)
    }
}
