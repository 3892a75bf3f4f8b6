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
    /// A transaction that shows up later than this behind newer ones is missed.
    static let overlap = Duration.minutes(5)
    /// How far the order of Stripe's list may be from that of the times in it.
    static let disorder = Duration.minutes(1)

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
        let reading = try await read(on: before.values.first)
        // Together, so that all sums are of the same transactions.
        try await database.transaction { [before] tx in
            for currency in Currency.allCases { try await compare(currency, reading, with: before[currency], in: tx) }
        }
    }

    private func compare(
        _ currency: Currency, _ reading: Reading, with before: Reconciliation?, in tx: Transaction
    ) async throws {
        let now = clock.now
        let believed = try await -ledger.balance(of: .provider(currency), in: tx)
        let total = (before?.settled ?? 0) + reading.sums[currency, default: 0]
        let drift = total - believed
        let isSame = drift != 0 && drift == before?.drift
        let isConfirmed = try await isSame ? !store.isMoving(in: tx) : false
        try await store.save(
            Reconciliation(
                currency: currency, newestAt: reading.newestAt, settledBefore: reading.settledBefore,
                settled: (before?.settled ?? 0) + reading.settled[currency, default: 0], total: total, drift: drift,
                isConfirmed: isConfirmed, comparedAt: now), in: tx)
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

    /// What Stripe has told of its transactions, in minor units by currency.
    private struct Reading: Sendable {
        /// Of all that were read.
        var sums: [Currency: Int64] = [:]
        /// Of those that are not read again.
        var settled: [Currency: Int64] = [:]
        let settledBefore: Timestamp?
        var newestAt: Timestamp?

        mutating func add(_ transaction: StripeBalanceTransaction) {
            newestAt = max(newestAt ?? transaction.createdAt, transaction.createdAt)
            let isSettled = settledBefore.map { transaction.createdAt < $0 } ?? false
            for (money, sign) in [(transaction.moved, Int64(1)), (transaction.kept, -1)] {
                guard let money else { continue }
                sums[money.currency, default: 0] += sign * money.minorUnits
                if isSettled { settled[money.currency, default: 0] += sign * money.minorUnits }
            }
        }
    }

    /// Adds up what came since the last looks, and posts what Stripe kept of it.
    ///
    /// What was made at about the time of the last look is read again at the next one: a transaction may show up behind a
    /// newer one.
    private func read(on known: Reconciliation?) async throws -> Reading {
        let since = known?.settledBefore
        let settledBefore = [since, known?.newestAt.map { $0 - Self.overlap }].compactMap(\.self).max()
        var reading = Reading(settledBefore: settledBefore, newestAt: known?.newestAt)
        try await stripe.pages(of: "/v1/balance_transactions?limit=100&expand%5B%5D=data.source") {
            (page: [StripeBalanceTransaction]) in
            let fresh = page.filter { transaction in since.map { transaction.createdAt >= $0 } ?? true }
            for transaction in fresh { reading.add(transaction) }
            try await post(fresh.filter { $0.kept != nil })
            guard let since else { return false }
            return page.contains { $0.createdAt < since - Self.disorder }
        }
        return reading
    }

    /// Posts Stripe's fees, each once.
    private func post(_ transactions: [StripeBalanceTransaction]) async throws {
        let now = clock.now
        let postings = transactions.compactMap { transaction in
            transaction.kept.map { Posting.stripeFee(transaction.id, $0, at: now) }
        }
        let known = try await ledger.known(among: postings.map(\.key), in: database)
        let fresh = postings.filter { !known.contains($0.key) }
        guard !fresh.isEmpty else { return }
        try await database.transaction { tx in
            for posting in fresh { try await ledger.post(posting, at: now, in: tx) }
        }
    }

    /// How far the books are apart, over all currencies.
    func drift() async throws -> Int64 { try await store.drift(in: database) }

    /// How long ago the last comparison was; `nil` before the first.
    func age() async throws -> Duration? { try await store.oldest(in: database).map { clock.now - $0 } }
}
