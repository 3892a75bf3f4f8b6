import ServiceKit
import SharedModels

/// A part of a contract's work and its money.
struct Milestone: Sendable, Equatable {
    let id: MilestoneID
    /// Counted from 1; milestones are funded in this order.
    let position: Int
    var title: String
    /// Nothing: nothing is paid, and payments never hears of it.
    var amount: Money
    var status: MilestoneStatus
    var moving: MoneyMove?
    var deliveryNote: String?
    var deliveryURL: String?
    var fundedAt: Timestamp?
    var deliveredAt: Timestamp?
    var releasedAt: Timestamp?
    /// What payments said a release would cost when the client began to pay; `nil` before, and while
    /// nothing is paid.
    var quotedFee: Money?
    /// Set by the release.
    var payout: Payout?
    /// The one that is not resolved, if any.
    var dispute: DisputeStanding?
}

/// What payments is doing with a milestone's money; while it does, nothing else may move it.
enum MoneyMove: String, Sendable, CaseIterable {
    case release
    /// The hold is let go, because a party took the approvals back.
    case revise
    /// The hold is let go, because the activation deadline has passed.
    case expire
    /// The money is divided as a dispute was decided.
    case settle
}

/// What a release pays out: fee, transfer and what is returned are the milestone's amount.
struct Payout: Sendable, Equatable {
    static let nothing = Payout(fee: .usd(cents: 0), transfer: .usd(cents: 0), leavesAt: nil)

    /// The platform's.
    let fee: Money
    /// The worker's.
    let transfer: Money
    /// What went back to the client, by the decision of a dispute.
    var returned: Money = .usd(cents: 0)
    /// When the money leaves; `nil` when there is none.
    let leavesAt: Timestamp?
}

extension Payout {
    /// What payments made of a release.
    init(_ escrow: EscrowView, returning returned: Money = .usd(cents: 0)) {
        self.init(
            fee: .usd(cents: escrow.platformFeeCents), transfer: .usd(cents: escrow.transferCents),
            returned: returned, leavesAt: escrow.payoutAt)
    }
}

extension Milestone {
    /// Whether there is any money in it.
    var isPaid: Bool { !amount.isZero }

    /// Until when a delivered milestone can be disputed; `nil` before the delivery, when there is no such limit.
    var disputableUntil: Timestamp? { deliveredAt.map { $0 + Dispute.windowAfterDelivery } }
}

// Every change.
extension Milestone {
    mutating func fund(at now: Timestamp) throws {
        status = try status.applying(.fund)
        fundedAt = now
    }

    mutating func lapse() throws {
        status = try status.applying(.lapse)
        fundedAt = nil
        deliveredAt = nil
    }

    mutating func deliver(_ delivery: DeliveryInput, at now: Timestamp) throws {
        status = try status.applying(.deliver)
        deliveredAt = now
        deliveryNote = delivery.note
        deliveryURL = delivery.url
    }

    mutating func release(_ payout: Payout, at now: Timestamp) throws {
        status = try status.applying(.release)
        moving = nil
        releasedAt = now
        self.payout = payout
    }

    /// All of the money went back to the client.
    mutating func giveBack() throws {
        moving = nil
        // Payments' news of it may have come first.
        if status.allows(.lapse) { try lapse() }
    }

    /// What the release answers; `nil` before it has ended.
    var releaseView: ReleaseView? {
        payout.map { view(of: .released, $0) }
    }

    /// What a release answers that goes on later, with the figures that payments has promised; `nil` when it never did.
    var releasingView: ReleaseView? {
        quotedFee.map { view(of: .releasing, Payout(fee: $0, transfer: amount - $0, leavesAt: nil)) }
    }

    private func view(of status: ReleaseStatus, _ payout: Payout) -> ReleaseView {
        ReleaseView(
            status: status, amountCents: (amount - payout.returned).minorUnits,
            platformFeeCents: payout.fee.minorUnits, transferCents: payout.transfer.minorUnits,
            payoutAt: payout.leavesAt)
    }
}
