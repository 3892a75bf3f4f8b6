import Foundation
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: after any number of movements every balance is what it should be, to the cent.
///
/// The same random movements go through our own postings into a model in memory and into PostgreSQL, a hundred thousand
/// of them.
@Suite struct LedgerModelTests {
    /// What should be where, without a database.
    private struct Model {
        var balances: [LedgerAccount: Int64] = [:]
        /// Refunds on their way, with the part of each and its milestone.
        var pending: [(posting: Posting, milestone: MilestoneID, amount: Int64)] = []
        /// Transfers, with what was not taken back of each.
        var transfers: [(worker: AccountID, rest: Int64)] = []
        /// The milestones that may have money in escrow.
        var milestones: [MilestoneID] = []
        /// The disputes whose fees are owed, with who owes them.
        var owed: [(DisputeID, AccountID, Money)] = []

        mutating func apply(_ posting: Posting) {
            for entry in posting.entries { balances[entry.account, default: 0] += entry.amount }
        }
    }

    private static let operations = 100_000
    private static let batch = 250
    /// How many batches are posted one by one, as the service does. The others go over in one statement each.
    private static let slowBatches = 8
    /// The kinds of accounts that may fall below 0, as in the table `ledger_chart`.
    private static let bottomless: Set<Substring> = ["provider", "stripe_fees", "loss", "owed", "receivable"]

    /// The next movement that the model allows.
    private func next(
        _ number: Int, _ model: inout Model, _ workers: [AccountID], _ random: inout SeededGenerator
    ) -> Posting {
        let worker = workers.randomElement(using: &random) ?? workers[0]
        let milestone = model.milestones.randomElement(using: &random)
        let held = milestone.map { model.balances[.escrow($0, .usd), default: 0] } ?? 0
        switch Int.random(in: 0..<11, using: &random) {
        case 0 where held > 0, 1 where held > 0:
            guard let milestone else { break }
            let split = FeeSplit(.usd(cents: Int64.random(in: 1...held, using: &random)), basisPoints: 500)
            return Posting(
                .release, key: "release:\(number)", of: milestone.uuid,
                Posting.release(milestone, to: worker, split).pairs)
        case 2 where held > 0:
            guard let milestone else { break }
            return .refund(milestone, by: "refund:\(number)", .usd(cents: Int64.random(in: 1...held, using: &random)))
        case 3:
            let earned = model.balances[.payable(worker, .usd), default: 0]
            guard earned > 0 else { break }
            let part = Money.usd(cents: Int64.random(in: 1...earned, using: &random))
            let about = MilestoneID.make(at: .start)
            model.transfers.append((worker, part.minorUnits))
            return .transfer(about, to: worker, part, by: "tr_\(number)")
        case 4:
            let (dispute, fee) = (DisputeID.make(at: .start), Money.usd(cents: 15_000))
            model.owed.append((dispute, worker, fee))
            return .arbitration(dispute, worker, fee)
        case 5:
            guard !model.owed.isEmpty else { break }
            let (dispute, payer, fee) = model.owed.remove(at: Int.random(in: model.owed.indices, using: &random))
            return .arbitrationPaid(dispute, payer, fee)
        case 6 where held > 0:
            guard let milestone else { break }
            let amount = Int64.random(in: 1...held, using: &random)
            let refund = Posting(
                .refund, key: "pending:\(number)", of: milestone.uuid,
                [(.escrow(milestone, .usd), -amount), (.refunding(milestone, .usd), amount)])
            model.pending.append((refund, milestone, amount))
            return refund
        case 7, 8:
            guard !model.pending.isEmpty else { break }
            let (refund, about, amount) = model.pending.remove(
                at: Int.random(in: model.pending.indices, using: &random))
            // It arrives, or fails.
            let goal: LedgerAccount = random.next() % 2 == 0 ? .provider(.usd) : .escrow(about, .usd)
            return Posting(
                goal == .provider(.usd) ? .refundArrived : .refundFailed, key: refund.key + ":end", of: about.uuid,
                [(.refunding(about, .usd), -amount), (goal, amount)])
        case 9:
            guard let place = model.transfers.indices.randomElement(using: &random) else { break }
            let (from, rest) = model.transfers[place]
            let part = Int64.random(in: 1...rest, using: &random)
            model.transfers[place].rest -= part
            if part == rest { model.transfers.remove(at: place) }
            return .transferReversed(.make(at: .start), from: from, "trr_\(number)", .usd(cents: part))
        case 10:
            return .stripeFee("txn_\(number)", .usd(cents: Int64.random(in: 1...500, using: &random)), at: .start)
        default: break
        }
        let fresh = MilestoneID.make(at: .start)
        model.milestones.append(fresh)
        return .capture(fresh, "pi_\(number)", .usd(cents: Int64.random(in: 50...99_999_999, using: &random)))
    }

    /// Posts all in their order.
    ///
    /// - Returns: How many were not posted before.
    private static func post(_ postings: [Posting], in tx: Transaction) async throws -> Int {
        let rows = postings.map { posting -> JSONValue in
            [
                "id": .string("\(LedgerTransactionID.make(at: .start))"), "key": .string(posting.key),
                "kind": .string(posting.kind.rawValue), "about": .string(posting.subject.uuidString),
                "accounts": .array(posting.entries.map { .string($0.account.id) }),
                "units": .array(posting.entries.map { .string($0.account.unit.rawValue) }),
                "amounts": .array(posting.entries.map { .integer($0.amount) }),
            ]
        }
        return try await tx.one(
            """
            SELECT count(*) FILTER (WHERE is_new) AS posted
              FROM (SELECT ledger_post(id, key, kind, about, \(Timestamp.start), NULL, NULL, accounts, units, amounts)
                           AS is_new
                      FROM jsonb_to_recordset(\(JSONB(bytes: JSONValue.array(rows).bytes))) AS posting (
                           id uuid, key text, kind text, about uuid, accounts text[], units text[], amounts bigint[])
                   ) posted
            """
        ) { Int(try $0.decode("posted", as: Int64.self)) }
    }

    @Test func `random movements balance, and leave no account below its floor`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var model = Model()
        let workers = (0..<20).map { _ in AccountID.make(at: .start) }
        var keys: Set<String> = []
        for number in 0..<Self.operations {
            let posting = next(number, &model, workers, &random)
            model.apply(posting)
            try #require(keys.insert(posting.key).inserted, "\(posting.key), seed \(seed)")
            try #require(posting.entries.map(\.amount).reduce(0, +) == 0, "\(posting), seed \(seed)")
            for entry in posting.entries where !Self.bottomless.contains(entry.account.id.prefix { $0 != ":" }) {
                try #require(model.balances[entry.account, default: 0] >= 0, "\(posting), seed \(seed)")
            }
        }
        #expect(model.balances.values.reduce(0, +) == 0, "seed \(seed)")
    }

    @Test func `a hundred thousand random movements leave every account as the model says`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await TestDatabase.use(of: .payments) { database in
            var random = SeededGenerator(seed: seed)
            var model = Model()
            let workers = (0..<20).map { _ in AccountID.make(at: .start) }
            for begin in stride(from: 0, to: Self.operations, by: Self.batch) {
                var postings: [Posting] = []
                for number in begin..<begin + Self.batch {
                    let posting = next(number, &model, workers, &random)
                    model.apply(posting)
                    postings.append(posting)
                }
                let batch = postings
                try await database.transaction { tx in
                    if begin < Self.batch * Self.slowBatches {
                        for posting in batch {
                            try #require(try await Ledger().post(posting, at: .start, in: tx) != nil)
                        }
                    } else {
                        try #require(try await Self.post(batch, in: tx) == batch.count)
                    }
                }
            }
            let stored: [String: Int64] = Dictionary(
                uniqueKeysWithValues: try await database.all("SELECT id, balance FROM ledger_accounts") {
                    (try $0.decode("id", as: String.self), try $0.decode("balance", as: Int64.self))
                })
            let wanted = Dictionary(uniqueKeysWithValues: model.balances.map { ($0.key.id, $0.value) })
            #expect(stored == wanted, "seed \(seed)")
            #expect(stored.values.reduce(0, +) == 0, "seed \(seed)")
            let wrong: Int64 = try await database.one(
                """
                SELECT count(*) AS wrong FROM (
                    SELECT balance_after, sum(amount) OVER (PARTITION BY account_id ORDER BY position) AS sum
                      FROM ledger_entries) e
                 WHERE balance_after <> sum
                """
            ) { try $0.decode("wrong") }
            #expect(wrong == 0, "seed \(seed)")
        }
    }
}

extension Posting {
    fileprivate var pairs: [(LedgerAccount, Int64)] { entries.map { ($0.account, $0.amount) } }
}
