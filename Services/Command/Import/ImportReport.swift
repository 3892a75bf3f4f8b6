import SharedModels

/// What became of the documents of an export.
struct ImportReport: Sendable {
    /// Something about one document.
    struct Remark: Sendable, Equatable {
        let file: String
        let line: Int
        /// The document's `_id`, where it has one.
        let id: String?
        /// As the original calls the member; empty for the document as a whole.
        let field: String
        let text: String
    }

    struct Count: Sendable, Equatable {
        var read = 0
        var imported = 0
        var present = 0
        var merged = 0
        var refused = 0
    }

    /// There is a line for each picture in a chat.
    private static let shownChanges = 500
    /// A file that is missing or broken takes along whatever refers to it, which may be millions of messages.
    static let shownRefusals = 100_000

    let isRehearsal: Bool
    private(set) var counts: [DumpCollection: Count] = [:]
    /// Those that are shown.
    private(set) var refusals: [Remark] = []
    private var refusalCount = 0
    /// What is imported otherwise than it is written: those that are shown.
    private(set) var changes: [Remark] = []
    private var changeCount = 0
    var ignoredFiles: [String] = []

    init(isRehearsal: Bool) {
        self.isRehearsal = isRehearsal
    }

    var isClean: Bool { refusalCount == 0 }

    mutating func read(_ collection: DumpCollection) { counts[collection, default: Count()].read += 1 }

    /// Notes all that is wrong with one document.
    mutating func refuse(_ collection: DumpCollection, _ remarks: [Remark]) {
        counts[collection, default: Count()].refused += 1
        refusals += remarks.prefix(Self.shownRefusals - refusals.count)
        refusalCount += remarks.count
    }

    mutating func note(_ changes: [Remark]) {
        self.changes += changes.prefix(Self.shownChanges - self.changes.count)
        changeCount += changes.count
    }

    mutating func count(_ outcome: ImportOutcome, of row: DumpRow) {
        switch outcome.result {
        case .imported: counts[row.collection, default: Count()].imported += 1
        case .present: counts[row.collection, default: Count()].present += 1
        case .merged: counts[row.collection, default: Count()].merged += 1
        case .refused: refuse(row.collection, [row.remark(outcome.field ?? "", outcome.reason ?? "was refused")])
        }
    }
}

extension ImportReport: CustomStringConvertible {
    var description: String { lines.joined(separator: "\n") }

    private var lines: [String] {
        var lines: [String] = []
        for refusal in refusals { lines.append("refused  \(refusal)") }
        if refusalCount > refusals.count { lines.append("refused  and \(refusalCount - refusals.count) more things") }
        for change in changes { lines.append("changed  \(change)") }
        let more = changeCount - changes.count
        if more > 0 { lines.append("changed  and \(more) more things") }
        for name in ignoredFiles {
            lines.append("ignored  \(name): no collection that is imported, or neither JSON nor BSON")
        }
        if !lines.isEmpty { lines.append("") }
        let titles = ["collection", "read", isRehearsal ? "would come" : "imported", "there", "merged", "refused"]
        lines.append(Self.row(titles))
        for collection in DumpCollection.allCases {
            guard let count = counts[collection] else { continue }
            lines.append(
                Self.row(
                    [collection.rawValue]
                        + [count.read, count.imported, count.present, count.merged, count.refused].map { "\($0)" }))
        }
        return lines
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(0, (index == 0 ? 20 : 11) - cell.count))
            return index == 0 ? cell + space : space + cell
        }.joined()
    }
}

extension ImportReport.Remark: CustomStringConvertible {
    var description: String {
        "\(file):\(line)\(id.map { " \($0)" } ?? ""): \(field.isEmpty ? "" : "\(field) ")\(text)"
    }
}
