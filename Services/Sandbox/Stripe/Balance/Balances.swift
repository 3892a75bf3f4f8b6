import SharedModels

/// The platform's money: every movement is a balance transaction, and changes the balance by its net amount.
struct Balances: Sendable {
    /// Why money moved, in Stripe's words, and how its reports call that.
    enum Reason: String, Sendable {
        case charge, refund, transfer, payout
        case refundFailure = "refund_failure"
        case payoutFailure = "payout_failure"
        case transferReversal = "transfer_refund"
        case dispute, disputeReversal = "dispute_reversal"

        /// The `type` of the balance transaction.
        var type: String {
            switch self {
            case .dispute, .disputeReversal: "adjustment"
            case .charge, .refund, .refundFailure, .transfer, .transferReversal, .payout, .payoutFailure: rawValue
            }
        }

        /// The `reporting_category`.
        var category: String { self == .transferReversal ? "transfer_reversal" : rawValue }
    }

    let store: StripeObjectStore
    let settings = StripeSettingsStore()
    let balances = BalanceStore()

    /// A charge was captured: its money comes in, less Stripe's fee, and is available after the delay.
    ///
    /// - Parameter isImmediate: Whether the money is available at once, whatever the delay.
    func bookCharge(_ amount: Int64, _ currency: String, of charge: String, isImmediate: Bool, _ work: StripeWork)
        async throws -> StripeObject
    {
        let settings = try await settings.find(in: work.tx)
        let delay = isImmediate ? 0 : settings.balanceDelaySeconds
        return try await book(
            .charge, amount, currency, of: charge, fee: settings.fee(on: amount),
            availableOn: work.now + .seconds(delay), work)
    }

    /// - Parameters:
    ///   - asked: Negative when money leaves.
    ///   - presented: The currency that it was asked in. It may be converted to another one.
    ///   - source: The id of the object that moves it.
    ///   - fee: What Stripe keeps of it.
    ///   - moment: When it counts; `nil` is at once.
    func book(
        _ reason: Reason, _ asked: Int64, _ presented: String, of source: String, fee askedFee: Int64 = 0,
        availableOn moment: Timestamp? = nil, _ work: StripeWork
    ) async throws -> StripeObject {
        let rate = try await presented == "inr" ? settings.find(in: work.tx).inrInUSDMillionths : 0
        let (amount, fee) =
            rate == 0 ? (asked, askedFee) : (Self.converted(asked, rate), Self.converted(askedFee, rate))
        let currency = rate == 0 ? presented : "usd"
        let moment = moment ?? work.now
        let isPending = moment > work.now
        var transaction = StripeObject(
            .balanceTransaction,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("available_on", JSONValue(unix: moment)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("description", nil),
                JSONMember("exchange_rate", rate == 0 ? nil : .decimal("\(Double(rate) / 1_000_000)")),
                JSONMember("fee", .integer(fee)),
                JSONMember("fee_details", fee == 0 ? [] : [Self.detail(of: fee, currency)]),
                JSONMember("net", .integer(amount - fee)),
                JSONMember("reporting_category", .string(reason.category)),
                JSONMember("source", .string(source)),
                JSONMember("status", isPending ? "pending" : "available"),
                JSONMember("type", .string(reason.type)),
            ])
        if isPending { transaction.dueAt = moment }
        try await store.insert(transaction, work)
        try await balances.add(
            amount - fee, currency, to: BalanceStore.platform, isPending: isPending, in: work.tx)
        return transaction
    }

    /// The day has come from which the money can be used.
    func settle(_ transaction: StripeObject, _ work: StripeWork) async throws {
        var transaction = transaction
        transaction["status"] = "available"
        transaction.dueAt = nil
        try await store.save(transaction, work)
        try await balances.settle(
            transaction.amount("net"), transaction.text("currency"), of: BalanceStore.platform, in: work.tx)
    }

    /// To the nearest minor unit.
    private static func converted(_ amount: Int64, _ rateInMillionths: Int64) -> Int64 {
        (amount * rateInMillionths + (amount < 0 ? -500_000 : 500_000)) / 1_000_000
    }

    private static func detail(of fee: Int64, _ currency: String) -> JSONValue {
        [
            "amount": .integer(fee), "application": nil, "currency": .string(currency),
            "description": "Stripe processing fees", "type": "stripe_fee",
        ]
    }
}
