import Foundation
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: a contract that payments or contracts refuses leaves nothing with anybody.
@Suite struct WholeDealImportTests {
    /// Refuses some payments and contracts, and keeps what comes.
    private struct Registry: ImportTarget {
        struct Kept {
            var jobs: [ImportedJob] = []
            var records: [ImportedRecord] = []
            var escrows: [ImportedEscrow] = []
            var contracts: [ImportedContract] = []
        }

        var wouldRefuse: @Sendable (ImportBatch, Int) -> Bool = { _, _ in false }
        /// What is refused although it would have been taken a moment before.
        var refuses: @Sendable (ImportBatch, Int) -> Bool = { _, _ in false }
        let kept = Shared(Kept())

        func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] { outcomes(batch, wouldRefuse) }

        func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
            kept.change { kept in
                switch batch {
                case .jobs(let jobs): kept.jobs += jobs
                case .records(let records): kept.records += records
                case .escrows(let escrows):
                    // No contract counts as paid before its payment is here.
                    #expect(kept.contracts.isEmpty)
                    kept.escrows += escrows
                case .contracts(let contracts): kept.contracts += contracts
                default: break
                }
            }
            return outcomes(batch, refuses)
        }

        private func outcomes(_ batch: ImportBatch, _ isRefused: (ImportBatch, Int) -> Bool) -> [ImportOutcome] {
            (0..<batch.count).map { isRefused(batch, $0) ? .refused("contractId", "is taken here") : .imported }
        }
    }

    private func run(_ target: Registry) async throws -> ImportReport {
        let path = try SkillhouseDump(seed: 1).write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = SkillhouseImport(try DumpFolder(path), to: target, isRehearsal: false, usesSameStripe: false)
        try await run.run()
        return run.report
    }

    /// The contracts of which anybody heard.
    private func known(to target: Registry) -> Set<ContractID> {
        let kept = target.kept.value
        return Set(
            kept.jobs.flatMap(\.hirings).map(\.contractID) + kept.records.flatMap(\.contracts).map(\.contractID)
                + kept.escrows.map(\.contractID) + kept.contracts.map(\.id))
    }

    private func refusals(_ report: ImportReport, of file: String) -> [String] {
        report.refusals.filter { $0.file == file }.map(\.field)
    }

    @Test func `nobody hears of a contract whose payment is refused, and what depends on it is refused`() async throws {
        let first = Shared<ContractID?>(nil)
        let target = Registry(wouldRefuse: { batch, index in
            guard case .escrows(let all) = batch, index == 0 else { return false }
            first.change { $0 = all[0].contractID }
            return true
        })
        let report = try await run(target)
        let refused = try #require(first.value)
        #expect(!known(to: target).isEmpty && !known(to: target).contains(refused))
        #expect(refusals(report, of: "escrows.json") == ["contractId"])
        #expect(refusals(report, of: "contracts.json") == ["escrowPaid"])
        #expect(report.counts[.contracts]?.imported == target.kept.value.contracts.count)
    }

    @Test func `nobody hears of contracts that are refused, and their payments are in no books`() async throws {
        let target = Registry(wouldRefuse: { batch, _ in if case .contracts = batch { true } else { false } })
        let report = try await run(target)
        #expect(known(to: target).isEmpty && target.kept.value.jobs.allSatisfy { $0.hiredFreelancerID == nil })
        #expect(refusals(report, of: "contracts.json").allSatisfy { $0 == "contractId" })
        let count = try #require(report.counts[.escrows])
        #expect(count.read > 0 && count.refused == count.read && count.imported == 0)
        #expect(refusals(report, of: "reviews.json") == ["contractId"])
    }

    @Test func `a payment whose contract would have come and is refused in the end is named`() async throws {
        let target = Registry(refuses: { batch, _ in if case .contracts = batch { true } else { false } })
        let report = try await run(target)
        let payments = try #require(report.counts[.escrows]?.imported)
        let named = report.changes.filter { $0.file == "contracts.json" && $0.field == "escrowPaid" }
        #expect(payments > 0 && named.count == payments)
    }
}
