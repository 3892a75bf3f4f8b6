import ServiceKit
import SharedModels

/// A contract of the flow `escrow_checkout`: a client hires an applicant of a job at a price, pays it into escrow at once,
/// and an admin releases it when the work is completed.
struct Hire: Sendable, Equatable {
    let id: ContractID
    /// `CON` and eight digits.
    let number: String
    let jobID: GigID
    let jobTitle: String
    let parties: Parties
    /// In rupees.
    let amount: Money
    var status: CheckoutContractStatus
    var release: ReleaseFundStatus
    var approvedAt: Timestamp?
    var paidAt: Timestamp?
    var startedAt: Timestamp?
    var ongoingAt: Timestamp?
    var completedAt: Timestamp?
    var canceledAt: Timestamp?
    var cancellation: HireCancellation
    /// Set when a party canceled it before it was paid: then lists leave it out.
    var deletedAt: Timestamp?
    /// When the client reviewed the freelancer.
    var reviewedAt: Timestamp?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// Who canceled a hire, and why.
struct HireCancellation: Sendable, Equatable {
    static let none = HireCancellation(by: nil, reason: "", description: "")

    /// `nil` as well when the account of a party was deleted.
    var by: CheckoutCanceller?
    var reason: String
    var description: String
}

extension Hire {
    init(
        id: ContractID, number: String, of job: HiredJob, between parties: Parties, for amount: Money, at now: Timestamp
    ) {
        self.init(
            id: id, number: number, jobID: job.jobID, jobTitle: job.title, parties: parties, amount: amount,
            status: .pending, release: .notRequested, cancellation: .none, version: 1, createdAt: now, updatedAt: now)
    }

    var isApproved: Bool { approvedAt != nil }
    var isPaid: Bool { paidAt != nil }

    /// Whether a payment of `offer` is for this hire and it waits for one.
    func takes(_ offer: CheckoutOffer) -> Bool {
        status.allows(.cancel) && !isPaid && isFor(offer) && amount == Money.inr(paise: offer.amount)
            && (offer.contractID == nil || offer.contractID == id)
    }

    func isFor(_ offer: CheckoutOffer) -> Bool {
        parties == Parties(client: offer.clientUserID, worker: offer.freelancerUserID)
    }

    /// Every change of the status, the oldest first.
    var history: [HireStatusEntry] {
        let moments: [(CheckoutContractStatus, Timestamp?)] = [
            (.started, startedAt), (.ongoing, ongoingAt), (.completed, completedAt), (.canceled, canceledAt),
        ]
        return moments.compactMap { status, at in at.map { HireStatusEntry(status: status, at: $0) } }
    }

    /// What it was when it was canceled after the payment: the freelancer's share follows from it. `nil` when it was not.
    var dividedAt: CheckoutContractStatus? {
        guard status == .canceled, isPaid else { return nil }
        return ongoingAt != nil ? .ongoing : startedAt != nil ? .started : .pending
    }
}

// Every change.
extension Hire {
    /// The freelancer approves it. It starts if it is paid.
    mutating func approve(at now: Timestamp) throws {
        approvedAt = now
        try startIfReady(at: now)
    }

    /// The client has paid. It starts if it is approved.
    mutating func pay(at now: Timestamp) throws {
        paidAt = now
        try startIfReady(at: now)
    }

    mutating func move(_ event: HireEvent, at now: Timestamp) throws {
        status = try status.applying(event)
        switch event {
        case .start: startedAt = now
        case .proceed: ongoingAt = now
        case .complete: completedAt = now
        case .cancel: canceledAt = now
        }
    }

    /// Cancels it before it was paid.
    mutating func cancel(_ cancellation: HireCancellation, isDeleted: Bool, at now: Timestamp) throws {
        try move(.cancel, at: now)
        self.cancellation = cancellation
        if isDeleted { deletedAt = now }
    }

    /// Cancels it after it was paid: its money is divided.
    mutating func refund(_ cancellation: HireCancellation, at now: Timestamp) throws {
        try cancel(cancellation, isDeleted: false, at: now)
        release = try release.applying(.refund)
    }

    mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }

    private mutating func startIfReady(at now: Timestamp) throws {
        if isApproved, isPaid { try move(.start, at: now) }
    }
}
