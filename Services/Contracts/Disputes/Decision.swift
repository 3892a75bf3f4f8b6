import SharedModels

/// What an admin decided.
struct Decision: Sendable, Equatable {
    let outcome: DisputeOutcome
    /// The worker's part of the amount, before the platform's fee.
    let workersShare: Money
    /// The rest.
    let returned: Money
    /// What the party that lost owes; nothing when it is not charged.
    let fee: Money
    /// Whether the party that lost is charged at all; the fee may have been nothing then.
    let isCharged: Bool
    let note: String?
    let admin: AccountID
    let at: Timestamp

    /// Whether both decide the same, whoever does. What the fee was at the time is no part of a decision.
    func agrees(with other: Decision) -> Bool {
        (outcome, workersShare, isCharged) == (other.outcome, other.workersShare, other.isCharged)
    }
}

extension DisputeOutcome {
    /// Who lost; nobody by a split.
    var loser: PartyRole? {
        switch self {
        case .client: .worker
        case .worker: .client
        case .split: nil
        }
    }
}

extension Decision {
    /// Reads what an admin decided.
    ///
    /// - Parameters:
    ///   - amount: The milestone's.
    ///   - fee: What the party that lost is charged, if it is. By a split nobody has lost.
    /// - Throws: ``DisputeError/invalid(_:)`` for members that do not go together.
    init(
        _ input: DecisionInput, over amount: Money, fee: Money, by admin: AccountID,
        at now: Timestamp
    ) throws {
        let issues = input.issues(over: amount.minorUnits)
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
    fileprivate func issues(over amountCents: Int64) -> [InputIssue] {
        guard outcome == .split else {
            return workerCents == nil
                ? [] : [InputIssue(path: "worker_cents", message: "is for a split only")]
        }
        if amountCents == 1 {
            return [InputIssue(path: "outcome", message: "must be client or worker: there is nothing to split")]
        }
        // Free work has nothing to divide.
        let parts = amountCents == 0 ? 0...0 : 1...amountCents - 1
        guard let workerCents, !parts.contains(workerCents) else { return [] }
        return [
            InputIssue(path: "worker_cents", message: "must be \(parts.lowerBound) to \(parts.upperBound)")
        ]
    }
}
