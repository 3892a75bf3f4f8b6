import ServiceKit
import SharedModels

/// What the party that lost a dispute owes for its arbitration.
struct ArbitrationFee: Sendable, Equatable {
    /// One charge of a card for it. Everything is stored, because a repeat under the same key must send the same
    /// request.
    struct Attempt: Sendable, Equatable {
        let customerID: String
        let cardID: String
        let at: Timestamp
    }

    /// How long to wait before a card is charged again after its first, second and third refusal. After the fourth,
    /// only another card is charged.
    private static let pauses = [Duration.days(1), .days(3), .days(7)]

    let disputeID: DisputeID
    let payerID: AccountID
    let amount: Money
    private(set) var state: ArbitrationFeeState
    /// How many charges were tried.
    private(set) var attempts: Int
    /// How often the last card was refused.
    private(set) var refusals: Int
    /// The latest attempt. It is under way while the state is ``ArbitrationFeeState/charging``; `nil` before the first.
    private(set) var attempt: Attempt?
    /// Why the latest attempt failed.
    private(set) var refusal: String?
    private(set) var paymentIntentID: String?

    /// The provider's idempotency key of the last attempt.
    var key: String { "dispute:\(disputeID):charge:\(attempts)" }

    /// How long to wait before a refused card is charged again.
    ///
    /// - Parameter card: The payer's present card.
    /// - Returns: `nil` when only another card will be charged.
    func pause(before card: String?) -> Duration? {
        guard let card else { return nil }
        if card != attempt?.cardID || refusals == 0 { return .zero }
        return Self.pauses.indices.contains(refusals - 1) ? Self.pauses[refusals - 1] : nil
    }

    mutating func begin(_ attempt: Attempt) throws {
        state = try state.applying(.charge)
        attempts += 1
        if attempt.cardID != self.attempt?.cardID { refusals = 0 }
        self.attempt = attempt
    }

    mutating func refuse(_ reason: String) throws {
        state = try state.applying(.refuse)
        refusals += 1
        refusal = reason
    }

    /// The attempt had no effect, and its key is spent. The card was not asked.
    mutating func fail(_ reason: String) throws {
        state = try state.applying(.refuse)
        refusal = reason
    }

    mutating func collect(_ paymentIntentID: String) throws {
        state = try state.applying(.collect)
        refusal = nil
        self.paymentIntentID = paymentIntentID
    }
}
