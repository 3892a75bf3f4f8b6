import SharedModels

extension Contract {
    /// How it is shown to a party; to both alike, as in events, when `role` is `nil`.
    ///
    /// - Parameter connectURL: The worker's onboarding link, in the worker's own approval.
    func view(for role: PartyRole?, connectURL: String? = nil, at now: Timestamp) -> ContractView {
        ContractView(
            id: id, negotiationID: negotiationID, gigID: gigID, gigTitle: gigTitle,
            clientUserID: parties.client, workerUserID: parties.worker, yourRole: role, status: status,
            terms: terms, payoutDelayDays: payoutDelayDays,
            clientApprovedAt: clientApprovedAt, workerApprovedAt: workerApprovedAt,
            activationDeadline: activationDeadline, revisionNotes: revisionNotes,
            milestones: milestones.map { view(of: $0, at: now) }, connectURL: connectURL,
            createdAt: createdAt,
            updatedAt: updatedAt,
            nextActions: nextActions(at: now))
    }

    func view(of milestone: Milestone, at now: Timestamp) -> MilestoneView {
        MilestoneView(
            id: milestone.id, title: milestone.title, amountCents: milestone.amountCents,
            status: milestone.status, deliveryNote: milestone.deliveryNote,
            deliveryURL: milestone.deliveryURL, fundedAt: milestone.fundedAt,
            deliveredAt: milestone.deliveredAt, releasedAt: milestone.releasedAt,
            payoutAt: milestone.payout?.leavesAt, disputeID: milestone.dispute?.id,
            nextActions: nextActions(with: milestone, at: now))
    }

    /// The data of a milestone's event: what it belongs to, and the milestone itself, flat.
    ///
    /// `platform_fee_cents`, `transfer_cents`, `returned_cents` and `payout_at` are `null` before the release.
    func announcement(of id: MilestoneID) throws -> JSONValue {
        let milestone = try milestone(id)
        func time(_ moment: Timestamp?) -> JSONValue { moment.map { .string($0.description) } ?? .null }
        func cents(_ amount: Int64?) -> JSONValue { amount.map { .integer($0) } ?? .null }
        return [
            "contract_id": .string("\(self.id)"), "negotiation_id": .string("\(negotiationID)"),
            "gig_id": .string("\(gigID)"), "gig_title": .string(gigTitle),
            "client_user_id": .string("\(parties.client)"), "worker_user_id": .string("\(parties.worker)"),
            "milestone_id": .string("\(milestone.id)"), "title": .string(milestone.title),
            "status": .string(milestone.status.rawValue), "amount_cents": .integer(milestone.amountCents),
            "platform_fee_cents": cents(milestone.payout?.platformFeeCents),
            "transfer_cents": cents(milestone.payout?.transferCents),
            "returned_cents": cents(milestone.payout?.returnedCents), "funded_at": time(milestone.fundedAt),
            "delivered_at": time(milestone.deliveredAt), "released_at": time(milestone.releasedAt),
            "payout_at": time(milestone.payout?.leavesAt),
        ]
    }
}
