import SharedModels

extension Contract {
    /// The view for one party. With a `role` of `nil` it is the same for both, as in events.
    ///
    /// - Parameter connectURL: The worker's onboarding link, shown when the worker approves.
    func view(for role: PartyRole?, connectURL: String? = nil, at now: Timestamp) -> ContractView {
        ContractView(
            id: id, negotiationID: negotiationID, gigID: gigID, gigTitle: gigTitle,
            clientUserID: parties.client, workerUserID: parties.worker, yourRole: role, status: status,
            terms: terms.input, payoutDelayDays: payoutDelayDays,
            clientApprovedAt: clientApprovedAt, workerApprovedAt: workerApprovedAt,
            activationDeadline: activationDeadline, revisionNotes: revisionNotes,
            clientEndedAt: clientEndedAt, workerEndedAt: workerEndedAt, endNote: endNote,
            milestones: milestones.map { view(of: $0, for: role, at: now) }, connectURL: connectURL,
            createdAt: createdAt,
            updatedAt: updatedAt,
            waitsFor: PartyRole.allCases.filter { waits(for: $0, at: now) },
            nextActions: nextActions(at: now, for: role))
    }

    func view(of milestone: Milestone, for role: PartyRole?, at now: Timestamp) -> MilestoneView {
        MilestoneView(
            id: milestone.id, title: milestone.title, amountCents: milestone.amount.minorUnits,
            status: milestone.status, deliveryNote: milestone.deliveryNote,
            deliveryURL: milestone.deliveryURL, fundedAt: milestone.fundedAt,
            deliveredAt: milestone.deliveredAt, releasedAt: milestone.releasedAt,
            releasedBy: milestone.status == .released ? milestone.releasedBy : nil,
            autoReleaseAt: milestone.autoReleaseAt,
            payoutAt: milestone.payout?.leavesAt, disputeID: milestone.dispute?.id,
            nextActions: nextActions(with: milestone, at: now, for: role))
    }

    /// The data of a milestone's event.
    func news(of id: MilestoneID, at now: Timestamp) throws -> MilestoneNews {
        let milestone = try milestone(id)
        return MilestoneNews(
            of: view(of: milestone, for: nil, at: now), in: view(for: nil, at: now),
            platformFeeCents: milestone.payout?.fee.minorUnits,
            transferCents: milestone.payout?.transfer.minorUnits, returnedCents: milestone.payout?.returned.minorUnits)
    }
}
