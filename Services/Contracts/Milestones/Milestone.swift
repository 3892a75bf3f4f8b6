import ServiceKit
import SharedModels

/// A part of a contract's work, and its price.
struct Milestone: Sendable, Equatable {
    let id: MilestoneID
    /// Counted from 1; milestones are funded in this order.
    let position: Int
    var title: String
    /// Zero for unpaid work, which payments never hears of.
    var amount: Money
    var status: MilestoneStatus
    var moving: MoneyMove?
    var deliveryNote: String?
    var deliveryURL: String?
    var fundedAt: Timestamp?
    var deliveredAt: Timestamp?
    var releasedAt: Timestamp?
    /// Set when a release begins.
    var releasedBy: ReleaseCause?
    /// The platform fee that payments announced when the client began to pay; `nil` before, and for unpaid work.
    var quotedFee: Money?
    /// Set by the release.
    var payout: Payout?
    /// The unresolved dispute, if any.
    var dispute: DisputeStanding?
}

/// Why payments is moving a milestone's money. In the meantime nothing else may move it.
enum MoneyMove: String, Sendable, CaseIterable {
    case release
    /// The hold is being cancelled, because a party withdrew the approvals.
    case revise
    /// The hold is being cancelled, because the activation deadline has passed.
    case expire
    /// The money is being divided as a dispute was decided.
    case settle
    /// A payment that was begun is being cancelled, because the client takes the milestone out of the contract.
    case withdraw
    /// The money is going back to the client, because both parties end the contract.
    case end
}

/// What a release pays out. The fee, the transfer and the returned part add up to the milestone's amount.
struct Payout: Sendable, Equatable {
    static let nothing = Payout(fee: .usd(cents: 0), transfer: .usd(cents: 0), leavesAt: nil)

    /// The platform's part.
    let fee: Money
    /// The worker's part.
    let transfer: Money
    /// The part that went back to the client, by a dispute's decision or without us.
    var returned: Money = .usd(cents: 0)
    /// When the money leaves; `nil` when no money is paid.
    let leavesAt: Timestamp?
}

/// How far the release of a milestone is, and what it pays out.
struct Release: Sendable, Equatable {
    let status: ReleaseStatus
    /// The fee and the transfer together.
    let amount: Money
    let payout: Payout
}

/// How far the funding of a milestone is.
struct Funding: Sendable, Equatable {
    let status: MilestoneStatus
    /// What the client confirms the payment with; `nil` when nothing is left to pay.
    var clientSecret: String?
    var paymentIntentID: String?
}

extension Payout {
    /// The result of a release, as payments reports it. What is missing of the milestone's amount went back to the client
    /// before: as a dispute was decided, by a refund or a chargeback, or because less was captured.
    init(_ escrow: EscrowView, of amount: Money) {
        let (fee, transfer) = (Money.usd(cents: escrow.platformFeeCents), Money.usd(cents: escrow.transferCents))
        self.init(
            fee: fee, transfer: transfer, returned: amount - fee - transfer,
            leavesAt: transfer.isZero ? nil : escrow.payoutAt)
    }
}

extension Milestone {
    /// Whether the milestone is paid work.
    var isPaid: Bool { !amount.isZero }

    /// Until when a delivered milestone can be disputed; `nil` before the delivery, when there is no limit yet.
    var disputableUntil: Timestamp? { deliveredAt.map { $0 + Dispute.windowAfterDelivery } }

    /// When delivered work is released by itself: as soon as nobody can dispute it any more. `nil` while it is disputed,
    /// because then a decision moves the money.
    var autoReleaseAt: Timestamp? { status == .delivered && dispute == nil ? disputableUntil : nil }
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

    /// Payments is about to release the money.
    mutating func beginRelease(by cause: ReleaseCause) {
        moving = .release
        releasedBy = cause
    }

    /// Payments refused to release the money.
    mutating func giveUpRelease() {
        moving = nil
        releasedBy = nil
    }

    mutating func release(_ payout: Payout, by cause: ReleaseCause, at now: Timestamp) throws {
        status = try status.applying(.release)
        moving = nil
        releasedAt = now
        releasedBy = cause
        self.payout = payout
    }

    /// All of the money went back to the client.
    mutating func giveBack() throws {
        moving = nil
        // Payments' event about it may have come first.
        if status.allows(.lapse) { try lapse() }
    }

    /// What its release paid out; `nil` until the release has ended.
    var released: Release? {
        payout.map { Release(status: .released, amount: amount - $0.returned, payout: $0) }
    }

    /// What a release that continues later will pay out, as payments announced it; `nil` when it announced nothing.
    var releasing: Release? {
        quotedFee.map { fee in
            Release(
                status: .releasing, amount: amount, payout: Payout(fee: fee, transfer: amount - fee, leavesAt: nil))
        }
    }
}
