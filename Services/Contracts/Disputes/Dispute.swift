import SharedModels

/// A disagreement over a milestone, from its opening to the decision.
struct Dispute: Sendable, Equatable {
    /// How long the other party has to answer.
    static let responseLimit = Duration.hours(24)
    /// How long after its delivery a milestone can be disputed.
    static let windowAfterDelivery = Duration.days(14)

    var standing: DisputeStanding
    let contractID: ContractID
    let milestoneID: MilestoneID
    let reason: String
    var respondedAt: Timestamp?
    /// The latest advice.
    var recommendation: Recommendation?
    /// Set before the money moves.
    var decision: Decision?
    /// When the decided money had moved.
    var settledAt: Timestamp?
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp

    var id: DisputeID { standing.id }
    var status: DisputeStatus { standing.status }
    var openedBy: PartyRole { standing.openedBy }
}

/// The part of a dispute that decides who may do what.
struct DisputeStanding: Sendable, Equatable {
    let id: DisputeID
    var status: DisputeStatus
    let openedBy: PartyRole
    let responseDeadline: Timestamp
}

/// One piece of evidence.
struct Evidence: Sendable, Equatable {
    let id: EvidenceID
    let by: PartyRole
    let type: EvidenceType
    let url: String?
    let description: String?
    let createdAt: Timestamp

    var view: EvidenceView {
        EvidenceView(id: id, type: type, url: url, description: description, createdAt: createdAt)
    }
}

extension PartyRole {
    var other: PartyRole {
        switch self {
        case .client: .worker
        case .worker: .client
        }
    }
}

extension Dispute {
    init(
        opening milestone: MilestoneID, of contract: ContractID, by role: PartyRole, reason: String,
        at now: Timestamp
    ) {
        self.init(
            standing: DisputeStanding(
                id: .make(at: now), status: .open, openedBy: role, responseDeadline: now + Self.responseLimit),
            contractID: contract, milestoneID: milestone, reason: reason, version: 1, createdAt: now,
            updatedAt: now)
    }
}

// Every change.
extension Dispute {
    mutating func respond(at now: Timestamp) throws {
        try move(.respond, at: now)
        respondedAt = now
    }

    mutating func note(_ advice: Advice, on file: CaseFile, at now: Timestamp) throws {
        try move(.recommend, at: now)
        recommendation = Recommendation(advice: advice, caseDigest: file.digest, at: now)
    }

    /// The money is about to move; `nil` when it stays after all.
    mutating func decide(_ decision: Decision?, at now: Timestamp) {
        self.decision = decision
        touch(at: now)
    }

    /// The money has moved as decided.
    mutating func settle(at now: Timestamp) throws {
        try move(.resolve, at: now)
        settledAt = now
    }

    mutating func move(_ event: DisputeEvent, at now: Timestamp) throws {
        standing.status = try status.applying(event)
        touch(at: now)
    }

    private mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }
}
