import SharedModels

/// The parties' actions on a deal: the verbs of the paths.
enum DealAction: String, CaseIterable, Sendable {
    case round, agree, decline, approve, revise, connect, end, fund, withdraw, deliver, release, dispute, respond,
        recommend,
        review

    /// Which sides may ever do it. The deal's states decide when they may.
    var roles: [PartyRole] {
        switch self {
        case .round, .agree, .decline, .approve, .revise, .end, .dispute, .respond, .recommend, .review:
            [.client, .worker]
        case .connect, .deliver: [.worker]
        case .fund, .withdraw, .release: [.client]
        }
    }
}

extension DealAction {
    /// What carries it out.
    var operation: SharedModels.Operation {
        switch self {
        case .round: Endpoints.negotiations.round.operation
        case .agree: Endpoints.negotiations.agree.operation
        case .decline: Endpoints.negotiations.decline.operation
        case .approve: Endpoints.contracts.approve.operation
        case .revise: Endpoints.contracts.revise.operation
        case .connect: Endpoints.contracts.connectLink.operation
        case .end: Endpoints.contracts.end.operation
        case .fund: Endpoints.contracts.fund.operation
        case .withdraw: Endpoints.contracts.withdrawMilestone.operation
        case .deliver: Endpoints.contracts.deliver.operation
        case .release: Endpoints.contracts.release.operation
        case .dispute: Endpoints.disputes.create.operation
        case .respond: Endpoints.disputes.respond.operation
        case .recommend: Endpoints.disputes.recommend.operation
        case .review: Endpoints.reviews.create.operation
        }
    }
}

extension [NextAction] {
    /// The names of the actions for `role`, each once: a refusal's `allowed`.
    func names(for role: PartyRole) -> [String] {
        filter { $0.by.contains(role) }.map(\.action).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}
