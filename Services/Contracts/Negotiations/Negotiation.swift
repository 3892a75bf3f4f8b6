import SharedModels

/// Terms under discussion between a client and a shortlisted worker.
struct Negotiation: Sendable, Equatable {
    let id: NegotiationID
    let gigID: GigID
    let gigTitle: String
    let parties: Parties
    var state: NegotiationState
    /// Rounds since it began, or since the last revision: 0 to 3.
    var roundNumber: Int
    var terms: Terms
    /// Set once somebody agreed.
    var contractID: ContractID?
    /// When it ended without more to come: it expired, or its contract is over.
    var closedAt: Timestamp?
    var contacts = Contacts()
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// As much of a negotiation as decides who may do what.
struct NegotiationStanding: Sendable, Equatable {
    let id: NegotiationID
    var state: NegotiationState
    var roundNumber: Int
    var contractID: ContractID?
}

/// How each side can be reached; `nil` while it has not said.
struct Contacts: Sendable, Equatable {
    var client: ContactShare?
    var worker: ContactShare?

    subscript(role: PartyRole) -> ContactShare? {
        get {
            switch role {
            case .client: client
            case .worker: worker
            }
        }
        set {
            switch role {
            case .client: client = newValue
            case .worker: worker = newValue
            }
        }
    }

    /// What `role` is shown.
    func exchange(for role: PartyRole) -> ContactExchange {
        ContactExchange(myShare: self[role], otherPartyContact: self[role.other])
    }
}

extension Negotiation {
    /// A new negotiation; the rate starts from the gig's.
    init(opening id: NegotiationID, _ gig: EngagedGig, between parties: Parties, at now: Timestamp) {
        self.init(
            id: id, gigID: gig.gigID, gigTitle: gig.title, parties: parties, state: .pending, roundNumber: 0,
            terms: Terms(rateCents: gig.rateCents), contractID: nil, closedAt: nil, version: 1,
            createdAt: now,
            updatedAt: now)
    }
}

// Every change.
extension Negotiation {
    /// Records a round: what is proposed replaces what stood, what is not keeps.
    mutating func propose(_ proposal: Terms, at now: Timestamp) throws {
        try move(.round, at: now)
        roundNumber += 1
        terms = terms.replacing(with: proposal)
    }

    /// Nothing more will come of it: the round after the last one, or too long a silence.
    mutating func expire(by event: NegotiationEvent, at now: Timestamp) throws {
        try move(event, at: now)
        closedAt = now
    }

    /// Somebody agreed to the terms as they stand, which makes, or renews, the contract `contractID`.
    mutating func agree(making contractID: ContractID, at now: Timestamp) throws {
        try move(.agree, at: now)
        self.contractID = contractID
    }

    mutating func reopen(at now: Timestamp) throws {
        try move(.revise, at: now)
        roundNumber = 0
    }

    /// A party says how the other one can reach it; what it said before is forgotten.
    mutating func share(_ contact: ContactShare, of role: PartyRole, at now: Timestamp) {
        contacts[role] = contact
        touch(at: now)
    }

    mutating func move(_ event: NegotiationEvent, at now: Timestamp) throws {
        state = try state.applying(event)
        touch(at: now)
    }

    /// Nothing more will come of it, so that a new one may begin.
    mutating func close(at now: Timestamp) {
        closedAt = now
        touch(at: now)
    }

    private mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }
}

extension Terms {
    func replacing(with proposal: Terms) -> Terms {
        Terms(
            rateCents: proposal.rateCents ?? rateCents, hoursPerWeek: proposal.hoursPerWeek ?? hoursPerWeek,
            startDate: proposal.startDate ?? startDate,
            payoutDelayDays: proposal.payoutDelayDays ?? payoutDelayDays)
    }

    /// One week's value, `nil` when it is more than 2^53 - 1 cents; what is not agreed counts as 0.
    var weeklyAmount: Money? {
        let (amount, overflow) = (rateCents ?? 0).multipliedReportingOverflow(by: Int64(hoursPerWeek ?? 0))
        return overflow || amount > 9_007_199_254_740_991 ? nil : .usd(cents: amount)
    }
}
