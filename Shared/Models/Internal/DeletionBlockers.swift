/// What prevents the deletion of an account, as far as one service knows.
public struct DeletionBlockers: Model {
    /// At most ``limit``.
    public let blockers: [DeletionBlocker]

    /// Enough to tell the owner what to do first.
    public static let limit = 100

    public init(blockers: [DeletionBlocker]) { self.blockers = blockers }
}

/// Open money or an open dispute of an account.
public struct DeletionBlocker: Model, Hashable {
    public let kind: DeletionBlockerKind
    /// `nil` for a wallet and its debt, and for a payment that no contract has taken yet.
    public let contractID: ContractID?
    /// `nil` for a contract that is paid as a whole.
    public let milestoneID: MilestoneID?
    /// For a blocker of kind `dispute`.
    public let disputeID: DisputeID?
    /// When a payout leaves.
    public let payoutAt: Timestamp?
    /// What is in the wallet, or what its owner owes, in paise.
    public let balance: Int64?

    public init(
        _ kind: DeletionBlockerKind, of milestoneID: MilestoneID?, in contractID: ContractID?,
        disputeID: DisputeID? = nil, payoutAt: Timestamp? = nil
    ) {
        self.kind = kind
        self.contractID = contractID
        self.milestoneID = milestoneID
        self.disputeID = disputeID
        self.payoutAt = payoutAt
        balance = nil
    }

    /// - Parameter balance: In paise.
    public init(walletOf balance: Int64) {
        kind = .wallet
        (contractID, milestoneID, disputeID, payoutAt) = (nil, nil, nil, nil)
        self.balance = balance
    }

    /// - Parameter owed: In paise.
    public init(debtOf owed: Int64) {
        kind = .debt
        (contractID, milestoneID, disputeID, payoutAt) = (nil, nil, nil, nil)
        balance = owed
    }
}

public enum DeletionBlockerKind: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// A dispute that is not resolved.
    case dispute
    /// Money that is held, in escrow, or being moved.
    case money
    /// An earning that was released but not paid out yet.
    case payout
    /// A payment that was paid out or divided, and that the client's bank disputes: some of it may come back.
    case chargeback
    /// A wallet that is not empty.
    case wallet
    /// What a wallet's owner owes.
    case debt
}
