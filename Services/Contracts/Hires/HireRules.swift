import ServiceKit
import SharedModels

/// The parties' actions on a hire.
enum HireAction: String, CaseIterable, Sendable {
    case approve, pay
    case updateStatus = "update-status"
    case releaseFund = "release-fund"
    case review
    // An agent that takes the first action that is offered must not end the hire with it.
    case refund, cancel

    var roles: [PartyRole] {
        switch self {
        case .approve, .updateStatus: [.worker]
        case .pay, .releaseFund, .review, .refund: [.client]
        case .cancel: [.client, .worker]
        }
    }
}

/// Who may do what with a hire now. The server checks these rules, `nextActions` shows them, and refusals list them.
extension Hire {
    /// Who may do `action` in the present state; nobody before or after its time.
    func actors(of action: HireAction) -> [PartyRole] {
        let isTime =
            switch action {
            case .approve: status == .pending && !isApproved
            case .pay: status == .pending && !isPaid
            case .updateStatus: status.allows(.proceed) || status.allows(.complete)
            case .releaseFund: status == .completed && release.allows(.request)
            case .review: status == .completed && reviewedAt == nil
            case .refund: status.allows(.cancel) && isPaid
            case .cancel: status.allows(.cancel) && !isPaid
            }
        return isTime ? action.roles : []
    }

    /// - Throws: ``HireError/notYours(_:)`` when it belongs to the other side, ``HireError/isPaid(allowed:)`` for a
    ///   cancellation that needs a refund, ``HireError/alreadyRequested(_:)`` and ``ReviewError/alreadyReviewed(allowed:)``
    ///   for what was done before, else ``HireError/notNow(_:_:allowed:)``.
    func require(_ action: HireAction, by role: PartyRole) throws {
        guard action.roles.contains(role) else { throw HireError.notYours(action) }
        guard !actors(of: action).contains(role) else { return }
        let allowed = nextActions.names(for: role)
        switch action {
        case .cancel where status.allows(.cancel): throw HireError.isPaid(allowed: allowed)
        case .releaseFund where status == .completed: throw HireError.alreadyRequested(release)
        case .review where status == .completed: throw ReviewError.alreadyReviewed(allowed: allowed)
        case .approve, .pay, .updateStatus, .releaseFund, .review, .refund, .cancel: break
        }
        throw HireError.notNow(action, status, allowed: allowed)
    }

    /// The statuses that the freelancer can set now.
    var settable: [CheckoutContractStatus] {
        CheckoutContractStatus.allCases.filter { status in
            switch status.cause {
            // It starts by itself.
            case .start, nil: false
            case .cancel: self.status.allows(.cancel) && !isPaid
            case .proceed, .complete: status.cause.map(self.status.allows) == true
            }
        }
    }

    var nextActions: [NextAction] { HireAction.allCases.compactMap(nextAction) }

    private func nextAction(_ action: HireAction) -> NextAction? {
        let actors = actors(of: action)
        guard !actors.isEmpty else { return nil }
        let ids = [
            "contractId": id.objectID, "jobId": jobID.objectID, "freelancerId": parties.worker.objectID,
            "clientId": parties.client.objectID,
        ]
        switch action {
        case .approve:
            return NextAction(action.rawValue, Endpoints.freelancerContracts.approve.operation, ids, by: actors)
        case .pay:
            return NextAction(
                action.rawValue, Endpoints.checkouts.pay.operation, ids, by: actors,
                members: [
                    "title": .string(jobTitle), "rate": Currency.inr.decimals.number(amount.minorUnits),
                    "freelancerId": .string(parties.worker.objectID),
                ])
        case .updateStatus:
            return NextAction(
                action.rawValue, Endpoints.freelancerContracts.setStatus.operation, ids, by: actors,
                members: ["status": settable.first.map { .string($0.rawValue) } ?? .null])
        case .releaseFund:
            return NextAction(action.rawValue, Endpoints.clientContracts.requestRelease.operation, ids, by: actors)
        case .review:
            return NextAction(
                action.rawValue, Endpoints.clientReviews.rate.operation, ids, by: actors,
                members: [
                    "contractId": .string(id.objectID), "freelancerId": .string(parties.worker.objectID),
                ])
        case .refund:
            return NextAction(action.rawValue, Endpoints.escrow.refund.operation, ids, by: actors)
        case .cancel:
            return NextAction(action.rawValue, Endpoints.clientContracts.cancel.operation, ids, by: actors)
        }
    }
}
