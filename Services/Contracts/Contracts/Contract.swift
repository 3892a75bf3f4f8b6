import ServiceKit
import SharedModels

/// What was agreed, who approved it, and its milestones.
struct Contract: Sendable, Equatable {
    /// How long both sides have from the second approval to make it active.
    static let activationLimit = Duration.days(7)
    /// Days from release to payout if the parties negotiated none: the shortest possible.
    static let initialPayoutDelayDays = 3
    static let milestoneLimit = 50

    let id: ContractID
    /// A copy of the negotiation's own row, which is locked together with the contract.
    var negotiation: NegotiationStanding
    let gigID: GigID
    let gigTitle: String
    let parties: Parties
    var status: ContractStatus
    var terms: Terms
    var clientApprovedAt: Timestamp?
    var workerApprovedAt: Timestamp?
    /// Set by the second approval.
    var activationDeadline: Timestamp?
    var revisionNotes: String?
    /// When the client agreed to end the contract.
    var clientEndedAt: Timestamp?
    var workerEndedAt: Timestamp?
    var endNote: String?
    var clientReviewedAt: Timestamp?
    var workerReviewedAt: Timestamp?
    /// Whether the worker is known to have finished onboarding at the payment provider, and so can be paid.
    var workerIsOnboarded: Bool
    /// In the order of their positions; never empty.
    var milestones: [Milestone]
    /// The milestones as their table has them.
    var storedMilestones: [Milestone] = []
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

extension Contract {
    /// The contract of a negotiation that was just agreed on, with one milestone worth one week.
    ///
    /// - Returns: `nil` when the negotiation has no agreement.
    init?(agreedIn negotiation: Negotiation, amount: Money, at now: Timestamp) {
        guard let id = negotiation.contractID else { return nil }
        let milestone = Milestone(
            id: .make(at: now), position: 1, title: negotiation.gigTitle, amount: amount,
            status: .pending)
        self.init(
            id: id, negotiation: negotiation.standing, gigID: negotiation.gigID, gigTitle: negotiation.gigTitle,
            parties: negotiation.parties, status: .pendingOwnerApproval,
            terms: negotiation.terms, workerIsOnboarded: false, milestones: [milestone], version: 1, createdAt: now,
            updatedAt: now)
    }

    var negotiationID: NegotiationID { negotiation.id }

    /// Days from release to payout.
    var payoutDelayDays: Int { terms.payoutDelayDays ?? Self.initialPayoutDelayDays }

    /// Whether any money is to be paid, so that the worker must be able to receive it.
    var isPaid: Bool { milestones.contains(where: \.isPaid) }

    func approvedAt(_ role: PartyRole) -> Timestamp? {
        switch role {
        case .client: clientApprovedAt
        case .worker: workerApprovedAt
        }
    }

    func reviewedAt(_ role: PartyRole) -> Timestamp? {
        switch role {
        case .client: clientReviewedAt
        case .worker: workerReviewedAt
        }
    }

    func endedAt(_ role: PartyRole) -> Timestamp? {
        switch role {
        case .client: clientEndedAt
        case .worker: workerEndedAt
        }
    }

    func has(_ milestone: MilestoneID) -> Bool { milestones.contains { $0.id == milestone } }

    /// - Throws: ``MilestoneError/notFound``.
    func milestone(_ id: MilestoneID) throws -> Milestone {
        guard let milestone = milestones.first(where: { $0.id == id }) else {
            throw MilestoneError.notFound
        }
        return milestone
    }
}

// Every change.
extension Contract {
    /// Records `role`'s approval.
    ///
    /// - Returns: Whether both have approved now.
    mutating func approve(as role: PartyRole, at now: Timestamp) -> Bool {
        switch role {
        case .client: clientApprovedAt = clientApprovedAt ?? now
        case .worker: workerApprovedAt = workerApprovedAt ?? now
        }
        negotiation.waitsFor.remove(role)
        return clientApprovedAt != nil && workerApprovedAt != nil
    }

    /// Starts the time for onboarding and funding, after the second approval.
    mutating func beginActivation(workerIsOnboarded: Bool, at now: Timestamp) throws {
        try move(isPaid && !workerIsOnboarded ? .approveBeforeOnboarding : .approve)
        negotiation.state = try negotiation.state.applying(.approve)
        activationDeadline = now + Self.activationLimit
    }

    /// A party withdrew the approvals. The holds are already cancelled.
    mutating func reopen(notes: String) throws {
        try move(.revise)
        negotiation.state = try negotiation.state.applying(.revise)
        negotiation.roundNumber = 0
        negotiation.waitsFor = Set(PartyRole.allCases)
        clientApprovedAt = nil
        workerApprovedAt = nil
        activationDeadline = nil
        revisionNotes = notes
        try dropHolds()
    }

    /// The activation deadline has passed. The holds are already cancelled.
    mutating func expire() throws {
        try move(.expire)
        try dropHolds()
    }

    /// A party has left, and the money it had funded is returned. Unpaid work stays as it was delivered.
    mutating func cancel() throws {
        try move(.cancel)
        for index in milestones.indices
        where milestones[index].isPaid && milestones[index].status.allows(.lapse) {
            try milestones[index].lapse()
        }
    }

    /// A revision led to new terms.
    mutating func rewrite(on terms: Terms, amount: Money) {
        self.terms = terms
        for index in milestones.indices where milestones[index].status == .pending {
            milestones[index].amount = amount
            milestones[index].quotedFee = nil
            break
        }
    }

    /// Adds one more milestone, to be funded after the existing ones.
    mutating func add(_ input: MilestoneInput, at now: Timestamp) -> Milestone {
        let position = milestones.reduce(0) { max($0, $1.position) } + 1
        let milestone = Milestone(
            id: .make(at: now), position: position, title: input.title, amount: .usd(cents: input.amountCents),
            status: .pending)
        milestones.append(milestone)
        takeBackEnd()
        return milestone
    }

    /// The client took out a milestone.
    mutating func withdraw(_ id: MilestoneID) {
        milestones.removeAll { $0.id == id }
        takeBackEnd()
    }

    /// Records that `role` agrees to end the contract as it stands.
    ///
    /// - Returns: Whether both agree now.
    mutating func agreeToEnd(as role: PartyRole, note: String?, at now: Timestamp) -> Bool {
        switch role {
        case .client: clientEndedAt = clientEndedAt ?? now
        case .worker: workerEndedAt = workerEndedAt ?? now
        }
        endNote = note ?? endNote
        return clientEndedAt != nil && workerEndedAt != nil
    }

    /// What the parties agreed to end is not what it was.
    mutating func takeBackEnd() {
        clientEndedAt = nil
        workerEndedAt = nil
        endNote = nil
    }

    /// Both parties ended it, and the money that was not released is back with the client. With released milestones it is
    /// completed, and the others are taken out; without any it is cancelled as it stands.
    ///
    /// - Returns: The milestones that were taken out.
    mutating func end() throws -> [MilestoneID] {
        mark(nil)
        let open = milestones.filter { $0.status != .released }.map(\.id)
        guard open.count < milestones.count else {
            try cancel()
            return []
        }
        milestones.removeAll { open.contains($0.id) }
        try move(.complete)
        return open
    }

    mutating func noteReview(of role: PartyRole, at now: Timestamp) {
        switch role {
        case .client: clientReviewedAt = now
        case .worker: workerReviewedAt = now
        }
    }

    mutating func workerOnboarded() throws {
        try move(milestones[0].status == .pending ? .onboard : .onboardWhenFunded)
    }

    mutating func move(_ event: ContractEvent) throws {
        status = try status.applying(event)
    }

    mutating func change(_ id: MilestoneID, _ body: (inout Milestone) throws -> Void) throws {
        guard let index = milestones.firstIndex(where: { $0.id == id }) else {
            throw MilestoneError.notFound
        }
        let before = milestones[index].status
        try body(&milestones[index])
        // While the money goes back, payments' news of that is expected.
        if milestones[index].status != before, !isMoving(for: .end) { takeBackEnd() }
    }

    /// The money stays: removes the marks of `move`.
    mutating func unmark(_ move: MoneyMove) {
        for index in milestones.indices where milestones[index].moving == move { milestones[index].moving = nil }
    }

    /// Marks all unreleased money as moving; `nil` removes the mark.
    mutating func mark(_ move: MoneyMove?) {
        for index in milestones.indices where milestones[index].status != .released {
            milestones[index].moving = move
        }
    }

    mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }

    private mutating func dropHolds() throws {
        mark(nil)
        for index in milestones.indices where milestones[index].status.allows(.lapse) {
            try milestones[index].lapse()
        }
    }
}
