import Foundation
import SharedModels

/// Brings an export of Skillhouse in: reads, checks and sends one collection after the other, each after those that it
/// refers to. What was brought before is there already, so a run that was broken off can be repeated.
final class SkillhouseImport {
    /// Something that was read, and where. The place is `nil` for what no document stands for.
    struct Item<Thing> {
        let row: DumpRow?
        let thing: Thing
    }

    let folder: DumpFolder
    private let target: any ImportTarget
    private var progress: ImportProgress
    var report: ImportReport
    var world: DumpWorld

    init(
        _ folder: DumpFolder, to target: any ImportTarget, isRehearsal: Bool, usesSameStripe: Bool,
        progress: ImportProgress = .silent
    ) {
        (self.folder, self.target, self.progress) = (folder, target, progress)
        report = ImportReport(isRehearsal: isRehearsal)
        report.ignoredFiles = folder.ignored
        world = DumpWorld(usesSameStripe: usesSameStripe)
    }

    func run() async throws {
        let people = try await bringUsers()
        try await bringNames(.categories, \.categories, as: ImportBatch.categories)
        try await bringNames(.skills, \.skills, as: ImportBatch.skills)
        try await bringProfiles(of: people)
        try await bringDeals()
        try await bringWallets()
        try await bringReviews()
        try await bringConversations()
        try await bringMessages()
        try await bringNotices()
    }
}

extension SkillhouseImport {
    /// Passes every document of a collection to `body`, which says whether it is taken. If not, its `DumpFields` have the
    /// problems.
    ///
    /// No document is kept: what is asked for once more is read once more.
    ///
    /// - Parameter isNoting: Whether what `fields` notes of a document that is taken is reported now.
    func read(
        _ collection: DumpCollection, noting isNoting: Bool = true, _ body: (DumpFields) async throws -> Bool
    ) async throws {
        guard let file = folder.files[collection] else { return }
        var ids: Set<UUID> = []
        try await file.parts { part in
            report.read(collection)
            progress.tell(collection, of: report)
            let row = DumpRow(collection: collection, file: file.name, line: part.line)
            let document: JSONValue
            switch part.document {
            case .failure(let error): return report.refuse(collection, [row.remark("", error.reason)])
            case .success(let value): document = value
            }
            guard document.object != nil else { return report.refuse(collection, [row.remark("", "is no document")]) }
            let fields = DumpFields(document, at: row)
            if let id = fields.row.key, !ids.insert(id).inserted {
                return report.refuse(collection, [fields.row.remark("_id", "is another document's, too")])
            }
            if try await body(fields) {
                if isNoting { report.note(fields.changes) }
            } else {
                report.refuse(collection, fields.problems)
            }
        }
    }

    /// Passes every document of a collection that was read before to `body`. What was wrong with it is reported already.
    func readAgain(_ collection: DumpCollection, _ body: (DumpFields) async throws -> Void) async throws {
        guard let file = folder.files[collection] else { return }
        var ids: Set<UUID> = []
        try await file.parts { part in
            guard case .success(let document) = part.document, document.object != nil else { return }
            let fields = DumpFields(document, at: DumpRow(collection: collection, file: file.name, line: part.line))
            if let id = fields.row.key, !ids.insert(id).inserted { return }
            try await body(fields)
        }
    }

    /// Sends things in batches.
    ///
    /// - Parameters:
    ///   - isLast: Whether nothing follows. Until then a part of a batch waits for more.
    ///   - settled: Is told what became of each.
    func send<Thing>(
        _ items: inout [Item<Thing>], isLast: Bool, as batch: ([Thing]) -> ImportBatch,
        _ settled: (Thing, ImportOutcome) -> Void = { _, _ in }
    ) async throws {
        let most = ImportLimit.things.upperBound
        var sent = 0
        while items.count - sent >= most || (isLast && sent < items.count) {
            let part = Array(items[sent...].prefix(most))
            sent += part.count
            try await pass(part, as: batch, to: target.bring) { item, outcome in
                if let row = item.row { report.count(outcome, of: row) }
                settled(item.thing, outcome)
            }
        }
        items.removeFirst(sent)
    }

    /// Asks which things would be taken, before anything of them is sent. The others are refused.
    func ask<Thing>(_ items: [Item<Thing>], as batch: ([Thing]) -> ImportBatch) async throws -> [Item<Thing>] {
        var (rest, taken): (ArraySlice<Item<Thing>>, [Item<Thing>]) = (items[...], [])
        while !rest.isEmpty {
            let part = rest.prefix(ImportLimit.things.upperBound)
            rest = rest.dropFirst(part.count)
            try await pass(Array(part), as: batch, to: target.ask) { item, outcome in
                if outcome.result != .refused { return taken.append(item) }
                if let row = item.row { report.count(outcome, of: row) }
            }
        }
        return taken
    }

    private func pass<Thing>(
        _ part: [Item<Thing>], as batch: ([Thing]) -> ImportBatch,
        to target: (ImportBatch) async throws -> [ImportOutcome], _ settle: (Item<Thing>, ImportOutcome) -> Void
    ) async throws {
        guard !part.isEmpty else { return }
        do {
            let outcomes = try await target(batch(part.map(\.thing)))
            guard outcomes.count == part.count else { throw DumpError("an answer has another number of outcomes") }
            for (item, outcome) in zip(part, outcomes) { settle(item, outcome) }
            if let collection = part.last?.row?.collection { progress.tell(collection, of: report) }
        } catch let refusal as BatchRefused {
            for (index, outcome) in refusal.problems.sorted(by: { $0.key < $1.key }) { settle(part[index], outcome) }
            let rest = part.indices.filter { refusal.problems[$0] == nil }.map { part[$0] }
            try await pass(rest, as: batch, to: target, settle)
        } catch is BatchTooLarge where part.count > 1 {
            try await pass(Array(part.prefix(part.count / 2)), as: batch, to: target, settle)
            try await pass(Array(part.suffix(part.count - part.count / 2)), as: batch, to: target, settle)
        }
    }
}
