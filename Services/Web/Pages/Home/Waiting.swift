import SharedModels

/// Something that waits for the visitor, as the start page shows it.
struct WaitingTask: Sendable {
    /// The most urgent have the lowest.
    let rank: Int
    let values: Values

    init(_ rank: Int, _ words: String, _ about: String, _ address: String, due: Timestamp? = nil, _ visit: Visit) {
        var values: Values = ["task": words, "about": about, "address": address]
        if let due { values["deadline"] = visit.display.time(due) }
        (self.rank, self.values) = (rank, values)
    }
}

/// What waits for somebody, in words, by the API's `waits_for` and `next_actions`.
enum Waiting {
    /// Most urgent first: what moves a deal on comes before what could also be done.
    private static let words: [(action: String, words: String)] = [
        ("respond", "Answer the dispute"), ("approve", "Approve the contract"), ("connect", "Set up your payouts"),
        ("fund", "Put the money in"), ("release", "Look at the delivery and release the money"),
        ("deliver", "Deliver the work"), ("agree", "Agree to the terms, or propose others"),
        ("round", "Propose terms"), ("review", "Say how it went"),
    ]
    /// After what moves a deal on, and before reviews.
    static let gigsRank = words.count - 1

    private static func first(of actions: Actions) -> (rank: Int, action: String, words: String)? {
        words.enumerated().first { actions.has($0.element.action) }.map {
            ($0.offset, $0.element.action, $0.element.words)
        }
    }

    /// Whom a contract waits for, in words; `nil` for nobody.
    static func words(_ contract: ContractView) -> String? {
        words(contract.yourRole, contract.waitsFor, contract.nextActions)
    }

    /// Whom a negotiation waits for, in words; `nil` for nobody.
    static func words(_ negotiation: NegotiationView) -> String? {
        words(negotiation.yourRole, negotiation.waitsFor, negotiation.nextActions)
    }

    private static func words(_ role: PartyRole?, _ sides: [PartyRole], _ actions: [NextAction]) -> String? {
        guard let role else { return nil }
        if sides.contains(role) { return first(of: Actions(actions, for: role))?.words }
        return sides.isEmpty ? nil : waitsFor(role.other)
    }

    private static func waitsFor(_ role: PartyRole) -> String {
        role == .client ? "Waits for the client" : "Waits for the freelancer"
    }

    /// - Parameter negotiation: One of those that wait for the visitor.
    static func task(_ negotiation: NegotiationView, _ visit: Visit) -> WaitingTask? {
        let actions = Actions(negotiation.nextActions, for: negotiation.yourRole)
        // A contract has a task of its own.
        guard negotiation.contractID == nil, let first = first(of: actions) else { return nil }
        return WaitingTask(
            first.rank, first.words, negotiation.gigTitle, "/negotiations/\(negotiation.id)",
            due: actions.deadline(first.action), visit)
    }

    /// - Parameter contract: One of those that wait for the visitor.
    static func task(_ contract: ContractView, _ visit: Visit) -> WaitingTask? {
        let actions = Actions(contract.nextActions, for: contract.yourRole)
        guard let first = first(of: actions) else { return nil }
        // Of several disputes that which has to be answered first.
        let dispute = contract.milestones.filter { milestone in
            milestone.nextActions.contains { $0.action == "respond" }
        }.compactMap(\.disputeID).first
        let address = first.action == "respond" ? dispute.map { "/disputes/\($0)" } : nil
        return WaitingTask(
            first.rank, first.words, contract.gigTitle, address ?? "/contracts/\(contract.id)",
            due: actions.deadline(first.action), visit)
    }
}

extension PartyRole {
    var other: PartyRole { self == .client ? .worker : .client }
}
