import SharedModels

/// What waits for somebody, in words, by the API's `next_actions`.
enum Waiting {
    /// Most urgent first: what moves a deal on comes before what could also be done.
    private static let words: [(action: String, words: String)] = [
        ("respond", "Answer the dispute"), ("approve", "Approve the contract"), ("connect", "Set up your payouts"),
        ("fund", "Put the money in"), ("release", "Look at the delivery and release the money"),
        ("deliver", "Deliver the work"), ("agree", "Agree to the terms, or propose others"),
        ("round", "Propose terms"), ("review", "Say how it went"),
    ]

    static func first(of actions: Actions) -> (action: String, words: String)? {
        words.first { actions.has($0.action) }
    }

    /// `nil` when nothing waits for this side.
    static func words(for actions: Actions) -> String? { first(of: actions)?.words }

    static func values(_ negotiation: NegotiationView, _ visit: Visit) -> Values? {
        let actions = Actions(negotiation.nextActions, for: negotiation.yourRole)
        // Whose round it was waits for the other side.
        guard negotiation.contractID == nil,
            actions.has("agree") || (actions.has("round") && negotiation.roundNumber == 0)
        else { return nil }
        return item(actions, negotiation.gigTitle, "/negotiations/\(negotiation.id)", visit)
    }

    static func values(_ contract: ContractView, _ visit: Visit) -> Values? {
        // A dispute has a line of its own.
        let actions = asked(by: contract).filter { $0.action != "respond" }
        return item(Actions(actions, for: contract.yourRole), contract.gigTitle, "/contracts/\(contract.id)", visit)
    }

    /// The next actions that somebody waits for. Money can be released before the work is there, but nobody asks for that.
    static func asked(by contract: ContractView) -> [NextAction] {
        let delivered = contract.milestones.filter { $0.status == .delivered }
        return contract.nextActions.filter { action in
            action.action != "release" || delivered.contains { action.href.contains("\($0.id)") }
        }
    }

    private static func item(_ actions: Actions, _ about: String, _ address: String, _ visit: Visit) -> Values? {
        guard let first = first(of: actions) else { return nil }
        return item(first.words, about, address, actions.deadline(first.action), visit)
    }

    static func item(
        _ words: String, _ about: String, _ address: String, _ deadline: Timestamp?, _ visit: Visit
    ) -> Values {
        var values: Values = ["task": words, "about": about, "address": address]
        if let deadline { values["deadline"] = visit.display.time(deadline) }
        return values
    }
}
