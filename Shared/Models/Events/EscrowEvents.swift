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

/// Payments announces that the worker must be onboarded at the payment provider again before anything is paid out.
public enum PayoutsPaused: UserEvent {
    public typealias Content = AccountReference
    public static let name = EventName.payoutsPaused
    public static let destinations = [ServiceName.notifications, .contracts]
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "Payouts wait until the payment provider is told more"
}

/// Payments announces that a milestone's money was moved at the payment provider, without its parties.
public enum MilestoneMoneyChanged: UserEvent {
    public typealias Content = MoneyChangeNews
    public typealias Reading = MilestoneReading
    public static let name = EventName.milestoneMoneyChanged
    public static let destinations = [ServiceName.notifications, .contracts]
    public static let audience = Audience.bothSides
    public static let isStandard = false
    public static let summary = "The money of a milestone was moved outside of the deal"
}

/// The same of a contract of the flow `escrow_checkout`, whose money is one payment.
public enum ContractMoneyChanged: UserEvent {
    public typealias Content = ContractMoneyNews
    public static let name = EventName.contractMoneyChanged
    public static let audience = Audience.bothSides
    public static let isStandard = false
    public static let summary = "The money of a paid contract was moved outside of the deal"
}

/// The data of `contract.money_changed`.
public struct ContractMoneyNews: Model {
    public let contractID: ContractID
    /// `CON` and eight digits.
    public let contractNumber: String
    public let gigTitle: String
    public let change: MoneyChange
    /// What was moved, in the currency's minor units.
    public let amountCents: Int64
    public let currency: Currency
    public let at: Timestamp

    public init(
        contractID: ContractID, contractNumber: String, gigTitle: String, change: MoneyChange, amountCents: Int64,
        currency: Currency, at: Timestamp
    ) {
        self.contractID = contractID
        self.contractNumber = contractNumber
        self.gigTitle = gigTitle
        self.change = change
        self.amountCents = amountCents
        self.currency = currency
        self.at = at
    }
}

/// What happened to a deal's money outside of the deal.
public enum MoneyChange: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// It was given back to the client.
    case refunded
    /// What was given back to the client came back.
    case refundFailed = "refund_failed"
    /// The client's bank disputes the payment; nothing moves until it has decided.
    case disputed
    case disputeWon = "dispute_won"
    case disputeLost = "dispute_lost"
    /// Less was captured than was held.
    case capturedPartly = "captured_partly"
    /// The worker could not be paid, and it was given back to the client.
    case givenBack = "given_back"
}

/// The data of `contract.milestone.money_changed`.
public struct MoneyChangeNews: Model {
    public let milestoneID: MilestoneID
    public let contractID: ContractID
    public let change: MoneyChange
    /// What was moved, or is left of what was held.
    public let amountCents: Int64
    public let currency: Currency
    public let at: Timestamp

    public init(
        milestoneID: MilestoneID, contractID: ContractID, change: MoneyChange, amountCents: Int64, currency: Currency,
        at: Timestamp
    ) {
        self.milestoneID = milestoneID
        self.contractID = contractID
        self.change = change
        self.amountCents = amountCents
        self.currency = currency
        self.at = at
    }
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
