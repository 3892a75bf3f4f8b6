import Foundation
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: an import that ends at any moment is run again, and what is there in the end is what one run
/// would have brought.
@Suite struct BrokenOffImportTests {
    private struct BrokenOff: Error {}

    /// Keeps everything under its id, as the services do. A batch is the last one of a run: it comes and nobody hears of it,
    /// or it never comes.
    private struct Installation: ImportTarget {
        struct Kept: Equatable {
            /// What came, by kind and id.
            var things: [String: String] = [:]
            var doubled: [String] = []
            var batchesLeft = Int.max
            var takesLast = false
        }

        let kept = Shared(Kept())

        func ask(_ batch: ImportBatch) async throws -> [ImportOutcome] {
            Self.entries(batch).map { kept.value.things[$0.key] == nil ? .imported : .present }
        }

        func bring(_ batch: ImportBatch) async throws -> [ImportOutcome] {
            #expect(ImportLimit.things.contains(batch.count))
            let (outcomes, isLast) = kept.change { (kept: inout Kept) -> ([ImportOutcome], Bool) in
                kept.batchesLeft -= 1
                if kept.batchesLeft < 0, !kept.takesLast { return ([], true) }
                let outcomes = Self.entries(batch).map { entry -> ImportOutcome in
                    guard let known = kept.things[entry.key] else {
                        kept.things[entry.key] = entry.text
                        return .imported
                    }
                    if known != entry.text { kept.doubled.append(entry.key) }
                    return .present
                }
                return (outcomes, kept.batchesLeft < 0)
            }
            if isLast { throw BrokenOff() }
            return outcomes
        }

        private static func entries(_ batch: ImportBatch) -> [(key: String, text: String)] {
            switch batch {
            case .users(let all): all.map { ("user \($0.id)", "\($0)") }
            case .profiles(let all): all.map { ("profile \($0.userID)", "\($0)") }
            case .categories(let all): all.map { ("category \($0.id)", "\($0)") }
            case .skills(let all): all.map { ("skill \($0.id)", "\($0)") }
            case .jobs(let all): all.map { ("job \($0.id)", "\($0)") }
            case .records(let all): all.map { ("record \($0.jobID)", "\($0)") }
            case .applications(let all): all.map { ("application \($0.id)", "\($0)") }
            case .contracts(let all): all.map { ("contract \($0.id)", "\($0)") }
            case .escrows(let all): all.map { ("escrow \($0.id)", "\($0)") }
            case .wallets(let all): all.map { ("wallet \($0.ownerID)", "\($0)") }
            case .reviews(let all): all.map { ("review \($0.id)", "\($0)") }
            case .conversations(let all): all.map { ("conversation \($0.id)", "\($0)") }
            case .messages(let all): all.map { ("message \($0.id)", "\($0)") }
            case .notices(let all): all.map { ("notice \($0.id)", "\($0)") }
            }
        }
    }

    /// An export with more jobs and messages than go into one batch.
    private static func dump() -> SkillhouseDump {
        var dump = SkillhouseDump(seed: 1)
        func more(_ file: String, _ old: String, _ numbers: Range<Int>) {
            let line = dump.files[file]?.split(separator: "\n").first { $0.contains(old) }.map(String.init) ?? ""
            for number in numbers { dump.add(line.replacing(old, with: dump.id(number)), to: file) }
        }
        more("jobs.json", dump.id(.openJob), 1000..<1450)
        more("messages.json", dump.id(102), 2000..<2650)
        return dump
    }

    private func run(_ path: String, _ target: Installation) async throws -> ImportReport {
        let run = SkillhouseImport(try DumpFolder(path), to: target, isRehearsal: false, usesSameStripe: false)
        try await run.run()
        return run.report
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `what ends in the middle, again and again, is whole after the last run`(seed: UInt64) async throws {
        let path = try Self.dump().write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let undisturbed = Installation()
        let report = try await run(path, undisturbed)
        #expect(report.isClean && report.counts[.messages]?.imported == 653 && report.counts[.jobs]?.imported == 454)

        var random = SeededGenerator(seed: seed)
        let target = Installation()
        for _ in 0..<5 {
            target.kept.change {
                $0.batchesLeft = Int.random(in: 0..<20, using: &random)
                $0.takesLast = Bool.random(using: &random)
            }
            do {
                _ = try await run(path, target)
            } catch is BrokenOff {
                // As in a crash.
            }
        }
        target.kept.change { $0.batchesLeft = .max }
        let last = try await run(path, target)
        #expect(last.isClean, "seed \(seed): \(last)")
        #expect(target.kept.value.things == undisturbed.kept.value.things, "seed \(seed)")
        #expect(target.kept.value.doubled == [], "seed \(seed)")
        for (collection, count) in last.counts {
            #expect(count.imported + count.present + count.merged == count.read, "seed \(seed): \(collection)")
        }
    }

    @Test func `while it works it tells how far it is`() async throws {
        let path = try Self.dump().write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let lines = Shared<[String]>([])
        let progress = ImportProgress(every: .zero) { line in lines.change { $0.append(line) } }
        try await SkillhouseImport(
            try DumpFolder(path), to: Installation(), isRehearsal: false, usesSameStripe: false, progress: progress
        ).run()
        let said = lines.value
        #expect(said.contains("at jobs: 454 read, 400 imported, 0 there, 0 merged, 0 refused"))
        #expect(said.contains("at messages: 200 read, 200 imported, 0 there, 0 merged, 0 refused"))
    }

    @Test func `of very many things that change some are shown, and all are counted`() async throws {
        var dump = SkillhouseDump(seed: 1)
        let picture = dump.files["messages.json"]?.split(separator: "\n").first { $0.contains("p.png") }
        for number in 3000..<3600 {
            dump.add(String(try #require(picture)).replacing(dump.id(101), with: dump.id(number)), to: "messages.json")
        }
        let path = try dump.write()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try await run(path, Installation())
        #expect(report.changes.count == 500)
        let small = try SkillhouseDump(seed: 1).write()
        defer { try? FileManager.default.removeItem(atPath: small) }
        let before = try await run(small, Installation()).changes.count
        #expect(report.description.contains("changed  and \(before + 100) more things"))
    }

    @Test func `of a great many things that are refused some are kept, and all are counted`() throws {
        var report = ImportReport(isRehearsal: true)
        let row = DumpRow(collection: .messages, file: "messages.bson", line: 1)
        for _ in 0..<ImportReport.shownRefusals + 2 {
            report.refuse(.messages, [row.remark("senderId", "is missing"), row.remark("message", "is empty")])
        }
        #expect(report.refusals.count == ImportReport.shownRefusals && !report.isClean)
        #expect(report.counts[.messages]?.refused == ImportReport.shownRefusals + 2)
        #expect(report.description.contains("refused  and \(ImportReport.shownRefusals + 4) more things"))
    }
}
