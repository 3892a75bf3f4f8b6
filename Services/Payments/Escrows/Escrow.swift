import ServiceKit
import SharedModels

/// A milestone's money: where it is, and what is known of it at the payment provider.
struct Escrow: Sendable, Equatable {
    let milestoneID: MilestoneID
    var contractID: ContractID
    var clientID: AccountID
    var workerID: AccountID
    var amount: Money
    var payoutDelayDays: Int
    private(set) var state: EscrowState
    /// The key of the action that is moving the money. Nothing else may move it in the meantime.
    var moving: String?
    private(set) var paymentIntentID: String?
    /// The client confirms the payment with it. Sealed; see ``ClientSecrets``.
    private(set) var clientSecret: [UInt8]?
    /// When the hold lapses at the provider. Known while held.
    private(set) var captureBefore: Timestamp?
    /// The part that went back to the client while the rest stays.
    private(set) var returned: Money
    /// The result of the release; `nil` before it.
    private(set) var release: Release?
    private(set) var transferID: String?
    /// Whether the client's bank disputes the payment. Nothing moves the money until that is decided.
    var isFrozen: Bool
    var version: Int64
    let createdAt: Timestamp

    struct Release: Sendable, Equatable {
        /// What the platform kept.
        let fee: Money
        let at: Timestamp
        /// When the earning leaves for the worker's account.
        let payoutAt: Timestamp
    }

    /// The captured money that has not gone back.
    var rest: Money { amount - returned }

    /// What the worker gets; `nil` before the release.
    var earning: Money? { release.map { rest - $0.fee } }

    /// Takes over what the contract says now.
    mutating func adopt(_ input: EscrowInput) {
        contractID = input.contractID
        clientID = input.clientUserID
        workerID = input.workerUserID
        amount = .usd(cents: input.amountCents)
        payoutDelayDays = input.payoutDelayDays
    }
}

/// The moves of ``EscrowState/applying(_:)``, each with the data that it sets.
extension Escrow {
    /// - Parameter secret: The payment's, sealed.
    mutating func fund(_ intent: PaymentIntent, secret: [UInt8]?) throws(IllegalEscrowMove) {
        state = try state.applying(.fund)
        paymentIntentID = intent.id
        clientSecret = secret
    }

    mutating func authorize(captureBefore moment: Timestamp) throws(IllegalEscrowMove) {
        state = try state.applying(.authorize)
        clientSecret = nil
        captureBefore = moment
    }

    /// - Parameter event: How the payment ended: ``EscrowEvent/cancel``, ``EscrowEvent/lapse`` or
    ///   ``EscrowEvent/refund``.
    mutating func letGo(by event: EscrowEvent) throws(IllegalEscrowMove) {
        state = try state.applying(event)
        returned = .zero(amount.currency)
        paymentIntentID = nil
        clientSecret = nil
        captureBefore = nil
        isFrozen = false
    }

    /// Part of the captured money went back to the client.
    mutating func giveBack(_ part: Money) throws(IllegalEscrowMove) {
        guard state == .escrowed else { throw IllegalEscrowMove(state, .refund) }
        returned = returned + part
    }

    /// A part more went back to the client, or came back (negative), after the release. The fee is of what is left.
    mutating func changeReturned(by part: Money, basisPoints: Int) throws(IllegalEscrowMove) {
        guard let known = release else { return try giveBack(part) }
        returned = returned + part
        let split = FeeSplit(rest: rest, basisPoints: basisPoints)
        release = Release(fee: split.fee, at: known.at, payoutAt: known.payoutAt)
    }

    /// The refund of a payment failed: this much of what it brought is in escrow again.
    mutating func restore(_ intentID: String, left: Money) throws(IllegalEscrowMove) {
        state = try state.applying(.restore)
        paymentIntentID = intentID
        returned = amount - left
    }

    /// The transfer was taken back whole, and the worker gets the earning again.
    mutating func reverse() throws(IllegalEscrowMove) {
        state = try state.applying(.reverse)
        transferID = nil
    }

    mutating func capture() throws(IllegalEscrowMove) {
        state = try state.applying(.capture)
        captureBefore = nil
    }

    mutating func release(_ split: FeeSplit, at now: Timestamp) throws(IllegalEscrowMove) {
        state = try state.applying(.release)
        captureBefore = nil
        release = Release(fee: split.fee, at: now, payoutAt: now + .days(payoutDelayDays))
    }

    mutating func transfer(_ id: String) throws(IllegalEscrowMove) {
        state = try state.applying(.transfer)
        transferID = id
    }
}
