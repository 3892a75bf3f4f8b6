/// Contracts announces that a contract of the flow `escrow_checkout` was made or changed.
public enum CheckoutContractChanged: InternalEvent {
    public typealias Content = CheckoutContract
    public static let name = InternalEventName.checkoutContractChanged
    public static let destinations: [ServiceName] = []
}
