/// Contracts announces that a contract of the flow `escrow_checkout` was made or changed.
public enum CheckoutContractChanged: InternalEvent {
    public typealias Content = CheckoutContract
    public typealias Reading = CheckoutContractReading
    public static let name = InternalEventName.checkoutContractChanged
    public static let destinations: [ServiceName] = [.jobs, .talent]
}

/// What services read of the news of a contract of the flow `escrow_checkout`.
public struct CheckoutContractReading: Decodable, Sendable {
    public let contractID: ContractID
    public let jobID: GigID
    public let clientUserID: AccountID
    public let freelancerUserID: AccountID
    public let amount: Int64
    public let isPaid: Bool
    public let status: CheckoutContractStatus
    public let releaseFundStatus: ReleaseFundStatus
    public let createdAt: Timestamp
}
