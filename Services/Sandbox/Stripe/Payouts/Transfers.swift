import ServiceKit
import SharedModels

/// Transfers: money goes from the platform to a connected account, and some of it back.
struct Transfers: Sendable {
    /// What a new transfer is asked to be.
    struct Order: Sendable {
        let amount: Int64
        let currency: String
        let destination: String
        /// The charge that the money comes from; `nil` is the balance.
        let source: String?
        let group: String?
        let description: String?
        let metadata: JSONValue
    }

    let store: StripeObjectStore
    let events: StripeEvents
    let accounts: Accounts
    let books: Balances

    func make(_ order: Order, _ work: StripeWork) async throws -> StripeObject {
        guard (1...Currencies.largestPayment).contains(order.amount) else {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
        }
        guard let account = try await accounts.reachable(order.destination, in: work.tx) else {
            throw StripeError.noSuch(
                "destination", order.destination, parameter: "destination", inPath: false)
        }
        guard account["capabilities"]["transfers"] == "active" else {
            throw StripeError.invalid(
                "insufficient_capabilities_for_transfer",
                "Your destination account needs to have at least one of the following capabilities enabled: "
                    + "transfers, crypto_transfers, legacy_payments")
        }
        let source = try await source(of: order, work)
        let availableOn = try await availability(of: source, work)
        let id = StripeKind.transfer.makeID()
        let taken = try await take(order, of: id, availableOn: availableOn, work)
        try await books.balances.add(order.amount, order.currency, to: order.destination, in: work.tx)
        let transfer = StripeObject(
            .transfer, id: id,
            [
                JSONMember("amount", .integer(order.amount)),
                JSONMember("amount_reversed", 0),
                JSONMember("balance_transaction", .string(taken.id)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(order.currency)),
                JSONMember("description", JSONValue(order.description)),
                JSONMember("destination", .string(order.destination)),
                JSONMember("destination_payment", .string("py_" + RandomText.alphanumeric(24))),
                JSONMember("metadata", order.metadata),
                JSONMember("reversals", Self.reversals([], of: id)),
                JSONMember("reversed", false),
                JSONMember("source_transaction", JSONValue(source?.id)),
                JSONMember("source_type", "card"),
                JSONMember("transfer_group", JSONValue(order.group ?? source?["transfer_group"].string)),
            ])
        try await store.insert(transfer, work)
        try await events.emit("transfer.created", transfer, work)
        return transfer
    }

    /// Money that is available leaves the balance. Money of a charge that is still pending leaves when it comes.
    private func take(_ order: Order, of id: String, availableOn: Timestamp?, _ work: StripeWork) async throws
        -> StripeObject
    {
        if availableOn == nil {
            // Taken and given back: only to see whether it is there, under the row's lock.
            let (amount, currency) = (order.amount, order.currency)
            guard try await books.balances.take(amount, currency, from: BalanceStore.platform, in: work.tx) else {
                throw StripeError.invalid(
                    "balance_insufficient",
                    "You have insufficient available funds in your Stripe account. Try adding funds directly to your "
                        + "available balance by creating Charges using the 4000000000000077 test card. See: "
                        + "https://stripe.com/docs/testing#available-balance")
            }
            try await books.balances.add(amount, currency, to: BalanceStore.platform, in: work.tx)
        }
        return try await books.book(
            .transfer, -order.amount, order.currency, of: id, availableOn: availableOn, work)
    }

    /// Takes money back from the account it went to, as long as the account still has it.
    ///
    /// - Parameters:
    ///   - transfer: Locked.
    ///   - amount: In minor units; `nil` is all that is left.
    func reverse(
        _ transfer: StripeObject, amount: Int64?, metadata: JSONValue = .object([]), _ work: StripeWork
    ) async throws -> StripeObject {
        let (currency, destination) = (transfer.text("currency"), transfer.text("destination"))
        let rest = transfer.amount("amount") - transfer.amount("amount_reversed")
        guard rest > 0 else {
            throw StripeError.invalid(nil, "Transfer \(transfer.id) is already fully reversed.")
        }
        let amount = amount ?? rest
        guard (1...rest).contains(amount) else {
            throw StripeError.invalid(
                nil, "Transfer reversal amount (\(amount)) is greater than unreversed amount on transfer (\(rest))",
                "amount")
        }
        guard try await accounts.reachable(destination, in: work.tx) != nil else {
            throw StripeError.noAccess(to: destination)
        }
        guard try await books.balances.take(amount, currency, from: destination, in: work.tx) else {
            throw StripeError.invalid(
                "balance_insufficient",
                "Insufficient funds in the connected account \(destination) for reversing this transfer.")
        }
        var reversal = StripeObject(
            .transferReversal,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("balance_transaction", nil),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("destination_payment_refund", .string("pyr_" + RandomText.alphanumeric(24))),
                JSONMember("metadata", metadata),
                JSONMember("source_refund", nil),
                JSONMember("transfer", .string(transfer.id)),
            ])
        reversal["balance_transaction"] = .string(
            try await books.book(.transferReversal, amount, currency, of: reversal.id, work).id)
        try await store.insert(reversal, work)
        var transfer = transfer
        let known = transfer["reversals"]["data"]?.array ?? []
        transfer["amount_reversed"] = .integer(transfer.amount("amount_reversed") + amount)
        transfer["reversed"] = .bool(amount == rest)
        transfer["reversals"] = Self.reversals([reversal.body] + known, of: transfer.id)
        try await store.save(transfer, work)
        try await events.emit("transfer.reversed", transfer, work)
        return reversal
    }

    /// The charge that the money comes from, locked. All transfers from one charge together cannot exceed its amount.
    private func source(of order: Order, _ work: StripeWork) async throws -> StripeObject? {
        guard let id = order.source else { return nil }
        guard let charge = try await store.lock(id, .charge, in: work.tx) else {
            throw StripeError.noSuch("charge", id, parameter: "source_transaction", inPath: false)
        }
        let spent = try await store.sum(
            of: "amount", .transfer, where: "source_transaction", is: id, in: work.tx)
        let reversed = try await store.sum(
            of: "amount_reversed", .transfer, where: "source_transaction", is: id, in: work.tx)
        let rest =
            charge.amount("amount_captured") - charge.amount("amount_refunded") - spent + reversed
        guard charge.text("currency") == order.currency, order.amount <= rest else {
            throw StripeError.invalid(
                "transfer_source_balance_parameters_mismatch",
                "The transfer must be in the currency of its source_transaction and at most what is left of it, "
                    + "which is \(rest).",
                "source_transaction")
        }
        return charge
    }

    /// When the money of a charge can be used; `nil` when it can be now, and for money of no charge.
    private func availability(of charge: StripeObject?, _ work: StripeWork) async throws -> Timestamp? {
        guard let id = charge?["balance_transaction"].string,
            let income = try await store.find(id, .balanceTransaction, in: work.tx)
        else { return nil }
        return income.dueAt
    }

    private static func reversals(_ data: [JSONValue], of transfer: String) -> JSONValue {
        [
            "object": "list", "data": .array(data), "has_more": false, "total_count": .integer(Int64(data.count)),
            "url": .string("/v1/transfers/\(transfer)/reversals"),
        ]
    }
}
