/// Payments tells: the provider holds the money of a milestone.
public enum EscrowFunded: InternalEvent {
    public typealias Content = EscrowNews
    public typealias Reading = MilestoneReading
    public static let name = InternalEventName.escrowFunded
    public static let destinations = [ServiceName.contracts]
}

/// Payments tells: the hold of a milestone's money is gone without a release.
public enum EscrowLapsed: InternalEvent {
    public typealias Content = EscrowNews
    public typealias Reading = MilestoneReading
    public static let name = InternalEventName.escrowLapsed
    public static let destinations = [ServiceName.contracts]
}

/// Payments tells: the worker finished onboarding at the payment provider.
public enum PayeeOnboarded: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.payeeOnboarded
    public static let destinations = [ServiceName.contracts]
}

/// What the events of a milestone's money carry.
public struct EscrowNews: Model {
    public let milestoneID: MilestoneID
    public let contractID: ContractID
    /// The provider's name for the payment; `nil` when it never had one.
    public let paymentIntentID: String?
    public let at: Timestamp

    public init(milestoneID: MilestoneID, contractID: ContractID, paymentIntentID: String?, at: Timestamp) {
        self.milestoneID = milestoneID
        self.contractID = contractID
        self.paymentIntentID = paymentIntentID
        self.at = at
    }
}

/// What other services read of the news of a milestone's money.
public struct MilestoneReading: Decodable, Sendable {
    public let milestoneID: MilestoneID
}
