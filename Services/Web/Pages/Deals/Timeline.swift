import SharedModels

/// A deal from the first terms to the reviews, in six steps: what is done, what is at hand, and what stopped it.
enum Timeline {
    private enum Step: String { case done, now, later, stopped }

    /// - Parameter negotiation: `nil` in lists of contracts alone, where the first step has no note.
    static func values(_ negotiation: NegotiationView?, _ contract: ContractView?, _ display: Display) -> [Values] {
        let at = position(contract, at: display.now)
        let isOver =
            contract.map { $0.status == .cancelled || $0.status == .expired } ?? (negotiation?.state == .expired)
        let notes = notes(negotiation, contract, display)
        return ["Terms", "Approval", "Ready to start", "Work", "Money", "Reviews"].enumerated().map { index, label in
            let step: Step = index < at ? .done : index > at ? .later : isOver ? .stopped : .now
            let words = [Step.done: "done", .now: "at hand", .later: "later", .stopped: "stopped here"]
            return [
                "stepLabel": label, "step": step.rawValue, "word": words[step] ?? "", "current": step == .now,
                "note": notes[index] ?? "",
            ]
        }
    }

    private static func position(_ contract: ContractView?, at now: Timestamp) -> Int {
        guard let contract else { return 0 }
        switch contract.status {
        case .pendingOwnerApproval: return 1
        case .pendingFreelancerKYC, .pendingClientFunding, .pendingBoth: return 2
        case .active: return 3
        case .completed:
            let last = contract.milestones.compactMap(\.payoutAt).max()
            if hasReview(contract) { return 5 }
            return last.map { $0 > now } == true ? 4 : 6
        case .cancelled, .expired:
            if contract.milestones.contains(where: { $0.status != .pending }) { return 3 }
            return contract.workerApprovedAt != nil && contract.clientApprovedAt != nil ? 2 : 1
        }
    }

    private static func hasReview(_ contract: ContractView) -> Bool {
        contract.nextActions.contains { $0.action == "review" && $0.by.contains(contract.yourRole ?? .client) }
    }

    private static func terms(_ negotiation: NegotiationView) -> String {
        switch negotiation.state {
        case .pending: "No terms yet"
        case .inProgress: "Round \(negotiation.roundNumber) of 3"
        case .expired: negotiation.endedBy.map(Status.end) ?? "Ended"
        case .pendingOwnerApproval, .approved: "Agreed in round \(negotiation.roundNumber)"
        }
    }

    private static func notes(
        _ negotiation: NegotiationView?, _ contract: ContractView?, _ display: Display
    ) -> [Int: String] {
        var notes: [Int: String] = [:]
        notes[0] = negotiation.map(terms)
        guard let contract else { return notes }
        let approvals = [contract.clientApprovedAt, contract.workerApprovedAt].compactMap { $0 }
        notes[1] = approvals.count == 2 ? "By both" : "\(approvals.count) of 2"
        if let deadline = contract.activationDeadline, position(contract, at: display.now) == 2 {
            notes[2] = "Until \(display.day(deadline))"
        }
        let released = contract.milestones.count { $0.status == .released }
        notes[3] = "\(released) of \(contract.milestones.count) released"
        if let last = contract.milestones.compactMap(\.payoutAt).max() {
            notes[4] = "\(last > display.now ? "Leaves" : "Left") \(display.day(last))"
        }
        return notes
    }
}
