import ServiceKit
import SharedModels

/// Disputes (chargebacks): the customer's bank takes a payment back, and decides in the end who has it.
struct Disputes: Sendable {
    enum Outcome: String, CaseIterable, Sendable {
        case won, lost
    }

    /// Stripe's reasons, as far as they matter to anybody.
    enum Reason: String, CaseIterable, Sendable {
        case fraudulent, duplicate, general, unrecognized
        case productNotReceived = "product_not_received"
        case productUnacceptable = "product_unacceptable"
        case creditNotProcessed = "credit_not_processed"
    }

    /// How long the platform has to answer.
    private static let responseTime = Duration.days(9)

    let store: StripeObjectStore
    let events: StripeEvents
    let books: Balances

    /// The customer's bank takes the money back.
    ///
    /// - Parameters:
    ///   - charge: Locked.
    ///   - amount: In minor units; `nil` is all that was not refunded.
    func open(_ charge: StripeObject, amount: Int64? = nil, reason: Reason = .fraudulent, _ work: StripeWork)
        async throws -> (dispute: StripeObject, charge: StripeObject)
    {
        let rest = charge.amount("amount_captured") - charge.amount("amount_refunded")
        let amount = amount ?? rest
        guard charge["captured"].bool == true, (1...max(rest, 1)).contains(amount), rest > 0 else {
            throw StripeError.invalid(nil, "Only captured money that was not refunded can be disputed.", "amount")
        }
        guard try await isUndisputed(charge, work) else {
            throw StripeError.invalid("charge_disputed", "Charge \(charge.id) is disputed already.")
        }
        let currency = charge.text("currency")
        let brand = charge["payment_method_details"]["card"]?["brand"] ?? .null
        var dispute = StripeObject(
            .dispute,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("balance_transactions", []),
                JSONMember("charge", .string(charge.id)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("evidence", .object([])),
                JSONMember(
                    "evidence_details",
                    [
                        "due_by": JSONValue(unix: work.now + Self.responseTime), "has_evidence": false,
                        "past_due": false, "submission_count": 0,
                    ]),
                JSONMember("is_charge_refundable", false),
                JSONMember("metadata", .object([])),
                JSONMember("payment_intent", charge["payment_intent"]),
                JSONMember(
                    "payment_method_details",
                    [
                        "card": [
                            "brand": brand, "case_type": "chargeback", "network_reason_code": "4855",
                        ],
                        "type": "card",
                    ]),
                JSONMember("reason", .string(reason.rawValue)),
                JSONMember("status", "needs_response"),
            ])
        var charge = charge
        charge["disputed"] = true
        charge.hidden = charge.hidden.setting("dispute", .string(dispute.id))
        try await store.save(charge, work)
        let fee = try await books.settings.find(in: work.tx).disputeFeeMinor
        let taken = try await books.book(.dispute, -amount, currency, of: dispute.id, fee: fee, work)
        dispute["balance_transactions"] = [taken.body]
        try await store.insert(dispute, work)
        try await events.emit("charge.dispute.created", dispute, work)
        try await events.emit("charge.dispute.funds_withdrawn", dispute, work)
        return (dispute, charge)
    }

    /// The bank has decided. A won dispute gives the money back; the charge has been disputed for ever.
    ///
    /// - Throws: ``StripeError`` when it had decided before.
    func close(_ dispute: StripeObject, _ outcome: Outcome, _ work: StripeWork) async throws -> StripeObject {
        guard !Self.isClosed(dispute) else {
            throw StripeError.invalid("dispute_closed", "This dispute is closed: it was \(dispute.text("status")).")
        }
        var dispute = dispute
        dispute["status"] = .string(outcome.rawValue)
        if outcome == .won {
            let back = try await books.book(
                .disputeReversal, dispute.amount("amount"), dispute.text("currency"), of: dispute.id, work)
            dispute["balance_transactions"] = .array(
                (dispute["balance_transactions"].array ?? []) + [back.body])
        }
        try await store.save(dispute, work)
        if outcome == .won { try await events.emit("charge.dispute.funds_reinstated", dispute, work) }
        try await events.emit("charge.dispute.closed", dispute, work)
        return dispute
    }

    private static func isClosed(_ dispute: StripeObject) -> Bool {
        Outcome(rawValue: dispute.text("status")) != nil
    }

    private func isUndisputed(_ charge: StripeObject, _ work: StripeWork) async throws -> Bool {
        guard let id = charge.hidden["dispute"]?.string,
            let known = try await store.find(id, .dispute, in: work.tx)
        else { return true }
        return Self.isClosed(known)
    }
}
