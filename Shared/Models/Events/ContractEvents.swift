/// Both parties of a negotiation agreed.
public enum ContractCreated: UserEvent {
    public typealias Content = ContractView
    public static let name = EventName.contractCreated
    public static let audience = Audience.bothSides
    public static let summary = "Both parties agreed; there is a contract"

    public static func text(_ contract: EventWords) -> EventText {
        EventText(
            "A contract was made for \(contract.gigTitle)",
            contract.terms ?? contract.status.map { "Its status is \($0)." })
    }
}

/// A contract changed its status or its milestones.
public enum ContractUpdated: UserEvent {
    public typealias Content = ContractView
    public typealias Reading = ContractReading
    public static let name = EventName.contractUpdated
    public static let destinations = [ServiceName.notifications, .talent, .jobs]
    public static let audience = Audience.bothSides
    public static let summary = "A contract or one of its milestones has changed"

    public static func text(_ contract: EventWords) -> EventText {
        EventText(
            "The contract for \(contract.gigTitle) was updated", contract.status.map { "Its status is now \($0)." })
    }
}

/// What other services read of a contract.
public struct ContractReading: Decodable, Sendable {
    public let negotiationID: NegotiationID
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    public let status: ContractStatus
}
