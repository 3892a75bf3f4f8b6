import ServiceKit
import SharedModels

/// Refunds: money goes back to a card. Some are pending at first, and some come back.
struct Refunds: Sendable {
    /// By the sandbox's clock: until a refund that is to change by itself does.
    private static let delay = Duration.hours(1)

    let store: StripeObjectStore
    let events: StripeEvents
    let books: Balances

    /// - Parameters:
    ///   - charge: Locked.
    ///   - amount: In minor units; `nil` is all that is left.
    ///   - status: What it begins as; `nil` leaves it to the card and the settings.
    func make(
        of charge: StripeObject, amount: Int64?, reason: String? = nil, metadata: JSONValue = .object([]),
        status: StripeSettings.RefundStatus? = nil, _ work: StripeWork
    ) async throws -> StripeObject {
        guard charge["captured"].bool == true else {
            throw StripeError.invalid(
                "charge_not_refundable",
                "Charge \(charge.id) has not been captured; cancel its PaymentIntent instead.", "charge")
        }
        let rest = charge.amount("amount_captured") - charge.amount("amount_refunded")
        guard rest > 0 else {
            throw StripeError.invalid(
                "charge_already_refunded", "Charge \(charge.id) has already been refunded.")
        }
        let amount = amount ?? rest
        guard amount > 0 else {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
        }
        guard amount <= rest else {
            throw StripeError.invalid(
                nil, "Refund amount (\(amount)) is greater than unrefunded amount on charge (\(rest))",
                "amount")
        }
        let fate = status == nil ? TestCard.of(charge)?.refunds ?? .usual : .usual
        let usual = try await books.settings.find(in: work.tx).refunds
        let begins: StripeSettings.RefundStatus =
            switch fate {
            case .usual: status ?? usual
            case .arrivesLater: .pending
            case .failsLater: .succeeded
            }
        var refund = StripeObject(
            .refund,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("balance_transaction", nil),
                JSONMember("charge", .string(charge.id)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", charge["currency"]),
                JSONMember("destination_details", ["type": "card", "card": ["type": "refund"]]),
                JSONMember("metadata", metadata),
                JSONMember("payment_intent", charge["payment_intent"]),
                JSONMember("reason", JSONValue(reason)),
                JSONMember("receipt_number", nil),
                JSONMember("source_transfer_reversal", nil),
                JSONMember("status", .string(begins.rawValue)),
                JSONMember("transfer_reversal", nil),
            ])
        refund["balance_transaction"] = .string(
            try await books.book(.refund, -amount, charge.text("currency"), of: refund.id, work).id)
        if fate != .usual {
            refund.hidden = ["fate": .string(fate.rawValue)]
            refund.dueAt = work.now + Self.delay
        }
        var charge = charge
        charge["amount_refunded"] = .integer(charge.amount("amount_refunded") + amount)
        charge["refunded"] = .bool(amount == rest)
        try await store.save(charge, work)
        try await store.insert(refund, work)
        try await events.emit("refund.created", refund, work)
        try await events.emit("charge.refunded", charge, work)
        return refund
    }

    /// The card's bank decides about a refund that is to change by itself.
    func meetFate(_ refund: StripeObject, _ work: StripeWork) async throws {
        let fails = refund.hidden["fate"]?.string == RefundFate.failsLater.rawValue
        _ = try await settle(refund, hasArrived: !fails, work)
    }

    /// The card's bank has taken a pending refund, or sends one back.
    ///
    /// - Throws: ``StripeError`` when it is decided already.
    func settle(_ refund: StripeObject, hasArrived: Bool, _ work: StripeWork) async throws -> StripeObject {
        let status = refund.text("status")
        guard status == "pending" || (status == "succeeded" && !hasArrived) else {
            throw StripeError.invalid(nil, "The refund is \(status).")
        }
        var refund = refund
        refund.dueAt = nil
        if hasArrived {
            refund["status"] = "succeeded"
        } else {
            try await fail(&refund, work)
        }
        try await store.save(refund, work)
        if !hasArrived { try await events.emit("refund.failed", refund, work) }
        try await events.emit("refund.updated", refund, work)
        try await events.emit("charge.refund.updated", refund, work)
        return refund
    }

    /// The money is the platform's again, and the charge can be refunded again.
    private func fail(_ refund: inout StripeObject, _ work: StripeWork) async throws {
        let amount = refund.amount("amount")
        refund["status"] = "failed"
        refund["failure_reason"] = "expired_or_canceled_card"
        refund["failure_balance_transaction"] = .string(
            try await books.book(.refundFailure, amount, refund.text("currency"), of: refund.id, work).id)
        guard var charge = try await store.lock(refund.text("charge"), .charge, in: work.tx) else { return }
        charge["amount_refunded"] = .integer(charge.amount("amount_refunded") - amount)
        charge["refunded"] = false
        try await store.save(charge, work)
    }

    /// The charge that is named, or the successful one of the payment that is named, locked.
    func charge(_ id: String?, ofIntent intentID: String?, _ work: StripeWork) async throws -> StripeObject {
        var id = id
        if id == nil {
            guard let intentID else {
                throw StripeError.invalid(
                    "parameter_missing",
                    "One of the following params should be provided for this request: payment_intent or charge."
                )
            }
            guard let intent = try await store.find(intentID, .paymentIntent, in: work.tx) else {
                throw StripeError.noSuch(
                    "payment_intent", intentID, parameter: "payment_intent", inPath: false)
            }
            guard intent.text("status") == IntentStatus.succeeded.rawValue else {
                throw StripeError.invalid(
                    "payment_intent_unexpected_state",
                    "This PaymentIntent (\(intentID)) does not have a successful charge to refund.",
                    "payment_intent")
            }
            id = intent.text("latest_charge")
        }
        guard let charge = try await store.lock(id ?? "", .charge, in: work.tx) else {
            throw StripeError.noSuch("charge", id ?? "", parameter: "charge", inPath: false)
        }
        return charge
    }
}
