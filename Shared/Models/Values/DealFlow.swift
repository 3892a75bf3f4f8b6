/// How a deal is paid. A deal stays on the flow that it began on; each surface lists its own flow's.
public enum DealFlow: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// ClawConnected: each milestone is held on a card, and captured when it is released.
    case milestoneCapture = "milestone_capture"
    /// Skillhouse: the client pays the whole price at once, an admin releases it to a wallet.
    case escrowCheckout = "escrow_checkout"

    public var currency: Currency {
        switch self {
        case .milestoneCapture: .usd
        case .escrowCheckout: .inr
        }
    }
}
