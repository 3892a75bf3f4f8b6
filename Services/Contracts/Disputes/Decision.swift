import SharedModels

/// An admin's decision.
struct Decision: Sendable, Equatable {
    let outcome: DisputeOutcome
    /// The worker's part of the amount, before the platform's fee.
    let workersShare: Money
    /// The rest, which goes back to the client.
    let returned: Money
    /// What the losing party owes; zero when it is not charged.
    let fee: Money
    /// Whether the losing party is charged at all. The fee may have been zero at the time.
    let isCharged: Bool
    let note: String?
    let admin: AccountID
    let at: Timestamp

    /// Whether both decide the same, no matter which admin decided. The fee at the time is not part of a decision.
    func agrees(with other: Decision) -> Bool {
        (outcome, workersShare, isCharged) == (other.outcome, other.workersShare, other.isCharged)
    }
}

extension DisputeOutcome {
    /// The losing party; `nil` for a split.
    var loser: PartyRole? {
        switch self {
        case .client: .worker
        case .worker: .client
        case .split: nil
        }
    }
}

extension Decision {
    /// Reads an admin's decision.
    ///
    /// - Parameters:
    ///   - amount: The milestone's amount.
    ///   - fee: The fee that the losing party is charged, if it is charged. A split has no losing party.
    /// - Throws: ``DisputeError/invalid(_:)`` for members that contradict each other.
    init(
        _ input: DecisionInput, over amount: Money, fee: Money, by admin: AccountID,
        at now: Timestamp
    ) throws {
        let issues = input.issues(over: amount)
        guard issues.isEmpty else { throw DisputeError.invalid(issues) }
        let workersShare: Money =
            switch input.outcome {
            case .client: .usd(cents: 0)
            case .worker: amount
            case .split: .usd(cents: input.workerCents ?? amount.minorUnits / 2)
            }
        let isCharged = input.chargeFee == true && input.outcome.loser != nil
        self.init(
            outcome: input.outcome, workersShare: workersShare, returned: amount - workersShare,
            fee: isCharged ? fee : .usd(cents: 0), isCharged: isCharged, note: input.note, admin: admin, at: now)
    }
}

extension DecisionInput {
    fileprivate func issues(over amount: Money) -> [InputIssue] {
        guard outcome == .split else {
            return workerCents == nil
                ? [] : [InputIssue(path: "worker_cents", message: "is for a split only")]
        }
        if amount.minorUnits == 1 {
            return [InputIssue(path: "outcome", message: "must be client or worker: there is nothing to split")]
        }
        // An unpaid milestone has no money to divide.
        let parts = amount.isZero ? 0...0 : 1...amount.minorUnits - 1
        guard let workerCents, !parts.contains(workerCents) else { return [] }
        return [
            InputIssue(path: "worker_cents", message: "must be \(parts.lowerBound) to \(parts.upperBound)")
        ]
    }
}
