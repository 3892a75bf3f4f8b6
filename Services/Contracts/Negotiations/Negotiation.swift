import ServiceKit
import SharedModels

/// Terms under discussion between a client and a shortlisted worker.
struct Negotiation: Sendable, Equatable {
    let id: NegotiationID
    let gigID: GigID
    let gigTitle: String
    let parties: Parties
    var state: NegotiationState
    /// What ended it without an agreement. Also `nil` when it expired before that was kept.
    var endedBy: NegotiationEnd?
    /// The number of rounds since it began, or since the last revision: 0 to 3.
    var roundNumber: Int
    var terms: Terms
    /// Set once a party agreed to the other's round.
    var contractID: ContractID?
    /// Whose turn it is: the side that has to answer a round, or to approve the contract; both before the first round.
    var waitsFor: Set<PartyRole>
    /// When it ended for good: it expired, or its contract is over.
    var closedAt: Timestamp?
    var contacts = Contacts()
    var version: Int64
    let createdAt: Timestamp
    var updatedAt: Timestamp
}

/// The part of a negotiation that decides who may do what.
struct NegotiationStanding: Sendable, Equatable {
    let id: NegotiationID
    var state: NegotiationState
    var roundNumber: Int
    /// Those of the last round, which a contract has once they are agreed on.
    var terms: Terms
    var contractID: ContractID?
    var waitsFor: Set<PartyRole>
}

/// How each side can be reached; `nil` until it has said so.
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

    /// The contact data that `role` may see.
    func exchange(for role: PartyRole) -> ContactExchange {
        ContactExchange(myShare: self[role], otherPartyContact: self[role.other])
    }
}

extension Negotiation {
    /// A new negotiation. Its rate starts with the gig's.
    init(opening id: NegotiationID, _ gig: EngagedGig, between parties: Parties, at now: Timestamp) {
        self.init(
            id: id, gigID: gig.gigID, gigTitle: gig.title, parties: parties, state: .pending, roundNumber: 0,
            terms: Terms(rate: gig.rateCents.map(Money.usd(cents:))), contractID: nil,
            waitsFor: Set(PartyRole.allCases), closedAt: nil, version: 1, createdAt: now, updatedAt: now)
    }
}

// Every change.
extension Negotiation {
    /// Records a round. Proposed terms replace the present ones; the others stay.
    mutating func propose(_ proposal: Terms, by role: PartyRole, at now: Timestamp) throws {
        try move(.round, at: now)
        roundNumber += 1
        waitsFor = [role.other]
        terms = terms.replacing(with: proposal)
    }

    /// Nothing more will happen, and there is no agreement.
    mutating func expire(by end: NegotiationEnd, at now: Timestamp) throws {
        try move(end.event, at: now)
        endedBy = end
        closedAt = now
        waitsFor = []
    }

    /// A party agreed to the present terms, which creates or renews the contract `contractID`.
    mutating func agree(making contractID: ContractID, at now: Timestamp) throws {
        try move(.agree, at: now)
        self.contractID = contractID
        waitsFor = Set(PartyRole.allCases)
    }

    /// `role` has approved the contract; the other side has not yet.
    mutating func noteApproval(of role: PartyRole, at now: Timestamp) {
        waitsFor.remove(role)
        touch(at: now)
    }

    /// Both sides have approved the contract.
    mutating func approve(at now: Timestamp) throws {
        try move(.approve, at: now)
        waitsFor = []
    }

    mutating func reopen(at now: Timestamp) throws {
        try move(.revise, at: now)
        roundNumber = 0
        waitsFor = Set(PartyRole.allCases)
    }

    /// A party says how the other one can reach it. Earlier contact data is replaced.
    mutating func share(_ contact: ContactShare, of role: PartyRole, at now: Timestamp) {
        contacts[role] = contact
        touch(at: now)
    }

    private mutating func move(_ event: NegotiationEvent, at now: Timestamp) throws {
        state = try state.applying(event)
        touch(at: now)
    }

    /// Nothing more will happen, so that a new negotiation may begin.
    mutating func close(at now: Timestamp) {
        closedAt = now
        waitsFor = []
        touch(at: now)
    }

    private mutating func touch(at now: Timestamp) {
        version += 1
        updatedAt = now
    }
}

extension NegotiationEnd {
    fileprivate var event: NegotiationEvent {
        switch self {
        case .decline: .decline
        case .rounds: .exhaust
        case .silence: .idle
        case .departure: .leave
        }
    }
}
