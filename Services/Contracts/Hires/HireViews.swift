import SharedModels

extension Hire {
    /// The hire as Skillhouse shows it.
    ///
    /// - Parameter showsActions: Whether the reader is a party; others see none.
    func document<Job: HirePart, Client: HirePart, Freelancer: HirePart>(
        _ job: Job, _ client: Client, _ freelancer: Freelancer, showsActions: Bool = true
    ) -> HireDocument<Job, Client, Freelancer> {
        HireDocument(
            _id: ObjectID(id), contractID: number, jobID: job, clientID: client, freelancerID: freelancer,
            isApproved: isApproved, status: status, amount: Rupees(amount), escrowPaid: isPaid,
            canceledBy: cancellation.by, cancelReason: cancellation.reason,
            cancelReasonDescription: cancellation.description, releaseFundStatus: release,
            isDeleted: deletedAt != nil, statusHistory: history, createdAt: createdAt, updatedAt: updatedAt,
            nextActions: showsActions ? nextActions : [])
    }

    var client: ObjectID<AccountKind> { ObjectID(parties.client) }
    var freelancer: ObjectID<AccountKind> { ObjectID(parties.worker) }

    /// With ids alone.
    var view: HireView { document(ObjectID(jobID), client, freelancer) }

    /// What other services know of it.
    var facts: CheckoutContract {
        CheckoutContract(
            contractID: id, number: number, jobID: jobID, jobTitle: jobTitle, clientUserID: parties.client,
            freelancerUserID: parties.worker, amount: amount.minorUnits, status: status, isApproved: isApproved,
            isPaid: isPaid, releaseFundStatus: release, version: version, createdAt: createdAt, updatedAt: updatedAt)
    }

    /// The data in its public events.
    func news(_ change: CheckoutChange) -> ContractNews {
        ContractNews(
            facts, status: sharedStatus, approvedAt: approvedAt, nextActions: nextActions,
            checkout: CheckoutNews(facts, change, canceledBy: cancellation.by, reason: cancellation.reason))
    }

    /// The status in the words of both flows.
    private var sharedStatus: ContractStatus {
        switch status {
        case .pending: isApproved ? .pendingClientFunding : .pendingOwnerApproval
        case .started, .ongoing: .active
        case .completed: .completed
        case .canceled: .cancelled
        }
    }
}
