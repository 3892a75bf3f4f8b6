import Logging
import Postgres
import ServiceKit
import SharedModels

/// Compares our books with Stripe's, all the time: what the accounts `provider:…` say with the sum of Stripe's balance
/// transactions.
///
/// A difference does not count while something moves. One that stays the same between two looks, with nothing on its way,
/// is a drift: a case, a metric and an error in the log. Payouts of the platform to its own bank, and what Stripe keeps
/// for itself, are in neither sum.
struct Reconciler: Sendable {
    /// A drift is seen at the second look after it came to be.
    static let pause = Duration.seconds(20)
    /// Movements between the platform's own places.
    private static let own: Set<String> = ["payout", "payout_cancel", "payout_failure", "stripe_fee", "topup"]

    let database: Database
    let clock: any DomainClock
    let stripe: StripeClient
    let logger: Logger
    let cases = CaseStore()
    let ledger = Ledger()
    let store = ReconciliationStore()

    func register(on scheduler: Scheduler) {
        scheduler.every(Self.pause, "money.reconcile") {
            do {
                try await run()
            } catch let error as ProviderError {
                logger.info("stripe's balance could not be compared", metadata: ["error": "\(error)"])
            }
        }
    }

    func run() async throws {
        for currency in Currency.allCases { try await compare(currency) }
    }

    private func compare(_ currency: Currency) async throws {
        let before = try await store.find(currency, in: database)
        let (total, newest) = try await readOn(from: before, currency)
        try await database.transaction { tx in
            let now = clock.now
            let believed = try await -ledger.balance(of: .provider(currency), in: tx)
            let drift = total - believed
            let isSame = drift != 0 && drift == before?.drift
            let isConfirmed = try await isSame ? !store.isMoving(in: tx) : false
            try await store.save(
                Reconciliation(
                    currency: currency, newest: newest, total: total, drift: drift, isConfirmed: isConfirmed,
                    comparedAt: now), in: tx)
            if drift == 0 {
                try await cases.settle(.drift, currency.rawValue, "The books agree again.", at: now, in: tx)
            } else if isConfirmed {
                try await report(believed, total, currency, in: tx)
            }
        }
    }

    private func report(_ believed: Int64, _ total: Int64, _ currency: Currency, in tx: Transaction) async throws {
        let isNew = try await cases.open(
            .drift, currency.rawValue, of: nil, Money(minorUnits: abs(total - believed), currency: currency),
            believed: "\(believed) is at Stripe", reported: "\(total) is there", at: clock.now, in: tx)
        guard isNew else { return }
        logger.error(
            "the ledger and stripe do not agree",
            metadata: ["currency": "\(currency.rawValue)", "ledger": "\(believed)", "stripe": "\(total)"])
    }

    /// Adds up what came since the last look.
    private func readOn(from known: Reconciliation?, _ currency: Currency) async throws -> (Int64, newest: String?) {
        var total = known?.total ?? 0
        var newest: String?
        try await stripe.pages(of: "/v1/balance_transactions?limit=100&currency=\(currency.rawValue)") {
            (page: [StripeBalanceTransaction]) in
            let fresh = page.prefix { $0.id != known?.newest }
            newest = newest ?? page.first?.id
            total += fresh.filter { !Self.own.contains($0.type) }.map(\.amount).reduce(0, +)
            return fresh.count < page.count
        }
        return (total, newest ?? known?.newest)
    }

    /// How far the books are apart, over all currencies.
    func drift() async throws -> Int64 { try await store.drift(in: database) }

    /// How long ago the last comparison was; `nil` before the first.
    func age() async throws -> Duration? { try await store.oldest(in: database).map { clock.now - $0 } }
}

/// A movement of the platform's balance at Stripe.
struct StripeBalanceTransaction: StripeObject, Equatable {
    let id: String
    let type: String
    /// In minor units, before Stripe's fee. Negative: it left.
    let amount: Int64

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let type = json["type"]?.string, let amount = json["amount"]?.integer
        else { return nil }
        (self.id, self.type, self.amount) = (id, type, amount)
    }
}
