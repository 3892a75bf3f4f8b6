import ServiceKit
import SharedModels

/// What can be done with a deal now, as buttons and links.
enum DealButtons {
    /// - Parameter isTurn: Whether the visitor has to answer. Who has proposed last waits for the other side, rather than agree
    ///   with itself.
    static func negotiation(
        _ negotiation: NegotiationView, _ actions: Actions, isTurn: Bool, _ visit: Visit
    ) -> Values {
        let path = "/negotiations/\(negotiation.id)"
        var values: Values = ["contactAddress": "\(path)/contact"]
        if actions.has("round") {
            values["propose"] =
                [
                    "address": "\(path)/propose",
                    "label": negotiation.roundNumber == 0 ? "Propose terms" : "Propose other terms",
                ] as Values
        }
        if isTurn, actions.has("agree") {
            var form = Form("\(path)/agree", submit: "Agree to round \(negotiation.roundNumber)")
            form.fields = [Field(.hidden, "round", "").with { $0.value = "\(negotiation.roundNumber)" }]
            form.back = visit.request.path
            values["agree"] = form.values(visit)
        }
        if actions.has("decline") { values["decline"] = ["address": "\(path)/decline"] as Values }
        return values
    }

    static func contract(_ contract: ContractView, _ actions: Actions, _ visit: Visit) -> Values {
        let path = "/contracts/\(contract.id)"
        let display = visit.display
        var values = TermFacts.values(contract, display)
        values["clientApproved"] = contract.clientApprovedAt != nil
        values["workerApproved"] = contract.workerApprovedAt != nil
        values["isPending"] = contract.status == .pendingOwnerApproval
        values["notes"] = contract.revisionNotes
        if let deadline = contract.activationDeadline, !contract.status.isOver, contract.status != .active {
            values["deadline"] = display.time(deadline)
        }
        if actions.has("approve") { values["approve"] = visit.button("Approve the contract", "\(path)/approve") }
        if actions.has("connect") { values["connect"] = "\(path)/connect" }
        if actions.has("revise") { values["revise"] = "\(path)/revise" }
        if actions.has("review") { values["review"] = "\(path)/review" }
        if actions.has("end") { values["end"] = "\(path)/end" }
        if contract.status == .active, contract.yourRole == .client { values["add"] = "\(path)/milestones/new" }
        let ended = [
            contract.clientEndedAt != nil ? "client" : nil, contract.workerEndedAt != nil ? "freelancer" : nil,
        ]
        .compactMap { $0 }
        if ended.count == 1, contract.status == .active { values["endedBy"] = ended[0] }
        return values
    }
}

/// What both have agreed to: the partial `term-facts`.
enum TermFacts {
    static func values(_ contract: ContractView, _ display: Display) -> Values {
        var values: Values = ["rate": display.rate(contract.rateCents), "delay": contract.payoutDelayDays]
        if let hours = contract.hoursPerWeek { values["hours"] = hours }
        if let start = contract.startDate { values["start"] = display.day(start) }
        return values
    }
}

/// A milestone, with its own line of states: the partial `milestone-card`.
enum MilestoneCard {
    /// - Parameter role: Who looks at it; `nil` for an admin, who has nothing to do with it.
    static func values(_ milestone: MilestoneView, _ contract: ContractView, _ role: PartyRole?, _ visit: Visit)
        -> Values
    {
        let display = visit.display
        let actions = Actions(
            milestone.nextActions + contract.nextActions.filter { $0.href.contains("\(milestone.id)") }, for: role)
        let path = "/contracts/\(contract.id)/milestones/\(milestone.id)"
        var values: Values = [
            "milestoneTitle": milestone.title, "amount": display.money(milestone.amountCents),
            "state": Status.milestone(milestone), "states": states(milestone),
        ]
        values["note"] = milestone.deliveryNote.map {
            visit.excerpt($0, "\(milestone.id)", 300).merging(["isQuote": true]) { $1 }
        }
        values["link"] = milestone.deliveryURL.flatMap(WebURL.init)?.text
        if milestone.status == .delivered, let moment = milestone.autoReleaseAt, milestone.disputeID == nil {
            values["auto"] = display.time(moment)
        }
        if milestone.status == .released, let moment = milestone.payoutAt {
            values[moment > display.now ? "payout" : "paid"] = display.time(moment)
        }
        if milestone.status == .released, role == .worker {
            values["invoice"] = "/contracts/\(contract.id)/payouts/\(milestone.id)"
        }
        values["dispute"] = milestone.disputeID.map { "/disputes/\($0)" }
        if actions.has("fund") { values["fund"] = "\(path)/fund" }
        if actions.has("deliver") { values["deliver"] = "\(path)/deliver" }
        if actions.has("release") {
            let amount = display.money(milestone.amountCents)
            // Before the work is there, nobody should do it by the way.
            values["release"] =
                milestone.status == .delivered
                ? visit.button("Release \(amount)", "\(path)/release")
                : visit.button("Release \(amount) before the delivery", "\(path)/release", style: "quiet")
        }
        if actions.has("withdraw") {
            values["withdraw"] = visit.button("Take out", "\(path)/withdraw", style: "quiet")
        }
        if actions.has("dispute") { values["openDispute"] = "\(path)/dispute" }
        return values
    }

    private static func states(_ milestone: MilestoneView) -> [Values] {
        let all: [(MilestoneStatus, String)] = [
            (.pending, "Agreed"), (.funded, "Money held"), (.delivered, "Delivered"), (.released, "Released"),
        ]
        let at = all.firstIndex { $0.0 == milestone.status } ?? 0
        return all.enumerated().map { ["name": $1.1, "reached": $0 <= at, "current": $0 == at] }
    }
}
