/// Payments announces that the provider holds the money of a milestone.
public enum EscrowFunded: InternalEvent {
    public typealias Content = EscrowNews
    public typealias Reading = MilestoneReading
    public static let name = InternalEventName.escrowFunded
    public static let destinations = [ServiceName.contracts]
}

/// Payments announces that the hold on a milestone's money ended without a release.
public enum EscrowLapsed: InternalEvent {
    public typealias Content = EscrowNews
    public typealias Reading = MilestoneReading
    public static let name = InternalEventName.escrowLapsed
    public static let destinations = [ServiceName.contracts]
}

/// Payments announces that the worker finished onboarding at the payment provider.
public enum PayeeOnboarded: InternalEvent {
    public typealias Content = AccountReference
    public static let name = InternalEventName.payeeOnboarded
    public static let destinations = [ServiceName.contracts]
}

/// The data of the events about a milestone's money.
public struct EscrowNews: Model {
    public let milestoneID: MilestoneID
    public let contractID: ContractID
    /// The provider's id of the payment; `nil` when the payment was never created there.
    public let paymentIntentID: String?
    public let at: Timestamp

    public init(milestoneID: MilestoneID, contractID: ContractID, paymentIntentID: String?, at: Timestamp) {
        self.milestoneID = milestoneID
        self.contractID = contractID
        self.paymentIntentID = paymentIntentID
        self.at = at
    }
}

/// What other services read from the events about a milestone's money.
public struct MilestoneReading: Decodable, Sendable {
    public let milestoneID: MilestoneID
}
