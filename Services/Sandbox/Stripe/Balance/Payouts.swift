import ServiceKit
import SharedModels

/// Payouts: money leaves Stripe for a bank account.
struct Payouts: Sendable {
    private static let day = Duration.days(1)

    let store: StripeObjectStore
    let events: StripeEvents
    let books: Balances

    /// Pays out all that is available on the platform's balance.
    func payOutPlatform(_ work: StripeWork) async throws -> [StripeObject] {
        var made: [StripeObject] = []
        for (currency, amount) in try await books.balances.available(of: BalanceStore.platform, in: work.tx)
        where amount > 0 {
            var payout = Self.payout(of: amount, currency, work)
            payout["balance_transaction"] = .string(
                try await books.book(.payout, -amount, currency, of: payout.id, work).id)
            try await tell(of: payout, account: nil, work)
            made.append(payout)
        }
        return made
    }

    /// Pays out all that a connected account has, as its owner or Stripe's schedule may do at any time.
    func payOut(_ account: StripeObject, _ work: StripeWork) async throws -> [StripeObject] {
        var made: [StripeObject] = []
        for (currency, amount) in try await books.balances.available(of: account.id, in: work.tx) where amount > 0 {
            let payout = Self.payout(of: amount, currency, work)
            try await books.balances.add(-amount, currency, to: account.id, in: work.tx)
            try await tell(of: payout, account: account.id, work)
            made.append(payout)
        }
        return made
    }

    /// The bank sends a payout of the platform back, and its money is there again.
    ///
    /// - Throws: ``StripeError`` when it has failed already.
    func fail(_ payout: StripeObject, _ work: StripeWork) async throws -> StripeObject {
        guard payout.text("status") == "paid" else {
            throw StripeError.invalid(nil, "The payout is \(payout.text("status")).")
        }
        var payout = payout
        payout["status"] = "failed"
        payout["failure_code"] = "account_closed"
        payout["failure_balance_transaction"] = .string(
            try await books.book(
                .payoutFailure, payout.amount("amount"), payout.text("currency"), of: payout.id, work
            ).id)
        try await store.save(payout, work)
        try await events.emit("payout.failed", payout, work)
        return payout
    }

    /// Stripe's own schedule, if it is the day for it.
    ///
    /// - Returns: Whether it was.
    func paySchedule(_ work: StripeWork, by time: Timestamp) async throws -> Bool {
        var settings = try await books.settings.find(in: work.tx)
        guard let due = settings.nextPayoutAt, due <= time else { return false }
        settings.nextPayoutAt = time + Self.day
        try await books.settings.save(settings, in: work.tx)
        _ = try await payOutPlatform(work)
        return true
    }

    private static func payout(of amount: Int64, _ currency: String, _ work: StripeWork) -> StripeObject {
        StripeObject(
            .payout,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("arrival_date", JSONValue(unix: work.now)),
                JSONMember("automatic", true),
                JSONMember("balance_transaction", nil),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("description", "STRIPE PAYOUT"),
                JSONMember("destination", .string("ba_" + RandomText.alphanumeric(24))),
                JSONMember("failure_balance_transaction", nil),
                JSONMember("failure_code", nil),
                JSONMember("failure_message", nil),
                JSONMember("metadata", .object([])),
                JSONMember("method", "standard"),
                JSONMember("original_payout", nil),
                JSONMember("reconciliation_status", "completed"),
                JSONMember("reversed_by", nil),
                JSONMember("source_type", "card"),
                JSONMember("statement_descriptor", nil),
                JSONMember("status", "paid"),
                JSONMember("type", "bank_account"),
            ])
    }

    private func tell(of payout: StripeObject, account: String?, _ work: StripeWork) async throws {
        try await store.insert(payout, work)
        try await events.emit("payout.created", payout, account: account, work)
        try await events.emit("payout.paid", payout, account: account, work)
    }
}
