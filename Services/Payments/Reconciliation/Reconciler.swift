import Logging
import Postgres
import ServiceKit
import SharedModels

/// Compares our books with Stripe's, all the time: what the accounts `provider:…` say with the sum of Stripe's balance
/// transactions.
///
/// A difference does not count while something moves. One that stays the same between two looks, with nothing on its way,
/// is a drift: a case, a metric and an error in the log. Payouts of the platform to its own bank are in neither sum. What
/// Stripe keeps for itself is posted as it is read, and what Stripe converts counts in the currency that was asked for.
struct Reconciler: Sendable {
    /// A drift is seen at the second look after it came to be.
    static let pause = Duration.seconds(20)

    let database: Database
    let clock: any DomainClock
    let stripe: StripeClient
    let cases: CaseStore
    let logger: Logger
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
        var before: [Currency: Reconciliation] = [:]
        for currency in Currency.allCases { before[currency] = try await store.find(currency, in: database) }
        let (sums, newest) = try await readOn(from: before.values.first?.newest)
        // Together, so that all sums are up to the same transaction.
        try await database.transaction { [before] tx in
            for currency in Currency.allCases {
                let known = before[currency]
                let total = (known?.total ?? 0) + sums[currency, default: 0]
                try await compare(currency, total, newest, with: known, in: tx)
            }
        }
    }

    private func compare(
        _ currency: Currency, _ total: Int64, _ newest: String?, with before: Reconciliation?, in tx: Transaction
    ) async throws {
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

    private func report(_ believed: Int64, _ total: Int64, _ currency: Currency, in tx: Transaction) async throws {
        let isNew = try await cases.open(
            .drift, currency.rawValue, of: nil, Money(minorUnits: abs(total - believed), currency: currency),
            believed: "\(believed) is at Stripe", reported: "\(total) is there", at: clock.now, in: tx)
        guard isNew else { return }
        logger.error(
            "the ledger and stripe do not agree",
            metadata: ["currency": "\(currency.rawValue)", "ledger": "\(believed)", "stripe": "\(total)"])
    }

    /// Adds up what came since the last look, by currency, and posts what Stripe kept of it.
    private func readOn(from known: String?) async throws -> (sums: [Currency: Int64], newest: String?) {
        var sums: [Currency: Int64] = [:]
        var newest: String?
        try await stripe.pages(of: "/v1/balance_transactions?limit=100&expand%5B%5D=data.source") {
            (page: [StripeBalanceTransaction]) in
            let fresh = page.prefix { $0.id != known }
            newest = newest ?? page.first?.id
            for transaction in fresh {
                if let moved = transaction.moved { sums[moved.currency, default: 0] += moved.minorUnits }
                if let kept = transaction.kept { sums[kept.currency, default: 0] -= kept.minorUnits }
            }
            try await post(fresh.filter { $0.kept != nil })
            return fresh.count < page.count
        }
        return (sums, newest ?? known)
    }

    /// Posts Stripe's fees, each once.
    private func post(_ transactions: [StripeBalanceTransaction]) async throws {
        guard !transactions.isEmpty else { return }
        try await database.transaction { tx in
            for transaction in transactions {
                guard let kept = transaction.kept else { continue }
                try await ledger.post(.stripeFee(transaction.id, kept, at: clock.now), at: clock.now, in: tx)
            }
        }
    }

    /// How far the books are apart, over all currencies.
    func drift() async throws -> Int64 { try await store.drift(in: database) }

    /// How long ago the last comparison was; `nil` before the first.
    func age() async throws -> Duration? { try await store.oldest(in: database).map { clock.now - $0 } }
}
