import Foundation
import SharedModels

/// Where a document is.
struct DumpRow: Sendable {
    let collection: DumpCollection
    let file: String
    let line: Int
    var id: String?

    /// The document's `_id`, in few bytes.
    var key: UUID? { id.flatMap { EventID($0) }?.uuid }

    func remark(_ field: String, _ text: String) -> ImportReport.Remark {
        ImportReport.Remark(file: file, line: line, id: id, field: field, text: text)
    }
}

/// Reads the members of a document, and gathers all that is wrong with them.
///
/// A member that cannot be read is `nil`. The reader asks in the end whether there are problems.
final class DumpFields {
    let row: DumpRow
    private let document: JSONValue
    private(set) var problems: [ImportReport.Remark] = []
    /// What is taken over otherwise than it is written.
    private(set) var changes: [ImportReport.Remark] = []

    /// `createdAt`, or else the time in the document's ObjectId.
    private(set) lazy var created: Timestamp =
        momentIfPresent("createdAt") ?? row.id.flatMap { Timestamp(ofObjectID: $0) } ?? .epoch
    /// `updatedAt`, or else ``created``.
    private(set) lazy var updated: Timestamp = max(momentIfPresent("updatedAt") ?? created, created)

    init(_ document: JSONValue, at row: DumpRow) {
        var row = row
        row.id = document["_id"]?.objectID
        (self.row, self.document) = (row, document)
    }

    func refuse(_ field: String, _ text: String) { problems.append(row.remark(field, text)) }
    func note(_ field: String, _ text: String) { changes.append(row.remark(field, text)) }

    /// A member, unless it is missing or `null`. `education.college` is a member of a member.
    func value(_ field: String) -> JSONValue? {
        var value: JSONValue? = document
        for part in field.split(separator: ".") { value = value?[String(part)] }
        return value?.isNull == true ? nil : value
    }

    private func needed(_ field: String) -> JSONValue? {
        if let value = self.value(field) { return value }
        refuse(field, "is missing")
        return nil
    }
}

extension DumpFields {
    func id<Kind>(_ field: String = "_id", _: Kind.Type = Kind.self) -> Identifier<Kind>? {
        needed(field).flatMap { read($0, field) }
    }

    func idIfPresent<Kind>(_ field: String, _: Kind.Type = Kind.self) -> Identifier<Kind>? {
        value(field).flatMap { read($0, field) }
    }

    private func read<Kind>(_ value: JSONValue, _ field: String) -> Identifier<Kind>? {
        // An expanded reference is a document with its own id.
        let found = (value.objectID ?? value["_id"]?.objectID).flatMap { Identifier<Kind>($0) }
        if found == nil { refuse(field, "must be an ObjectId: 24 hexadecimal digits") }
        return found
    }

    /// A text of so many characters, without white space around it.
    func text(_ field: String, _ length: ClosedRange<Int>) -> String? {
        guard let value = needed(field) else { return nil }
        return checked(value, field, length)
    }

    /// Like ``text(_:_:)``; `nil` for an empty one, too.
    func textIfPresent(_ field: String, atMost longest: Int) -> String? {
        guard let value = self.value(field), value != "", let text = checked(value, field, 0...longest) else {
            return nil
        }
        return text.isEmpty ? nil : text
    }

    private func checked(_ value: JSONValue, _ field: String, _ length: ClosedRange<Int>) -> String? {
        guard let text = value.string?.trimmed else {
            refuse(field, "must be a text, and is \(value.typeName.withArticle)")
            return nil
        }
        let count = text.unicodeScalars.count
        guard length.contains(count) else {
            refuse(
                field,
                count < length.lowerBound
                    ? "is empty" : "has \(count) characters, and at most \(length.upperBound) are possible")
            return nil
        }
        return text
    }

    /// `false` when it is missing.
    func flag(_ field: String) -> Bool {
        guard let value = self.value(field) else { return false }
        if let flag = value.bool { return flag }
        refuse(field, "must be true or false")
        return false
    }

    func choice<Value: RawRepresentable & CaseIterable>(
        _ field: String, _: Value.Type = Value.self, default standard: Value? = nil
    ) -> Value? where Value.RawValue == String {
        guard let value = standard == nil ? needed(field) : self.value(field) else { return standard }
        if let found = value.string.flatMap({ Value(rawValue: $0) }) { return found }
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        refuse(field, "is \(value.string.map { "'\($0)'" } ?? value.typeName.withArticle), and must be one of \(known)")
        return nil
    }

    /// An amount of rupees as paise, rounded as the original does when it asks Stripe for it.
    func paise(_ field: String, _ range: ClosedRange<Int64>) -> Int64? {
        needed(field).flatMap { paise($0, field, range) }
    }

    func paiseIfPresent(_ field: String, _ range: ClosedRange<Int64>) -> Int64? {
        value(field).flatMap { paise($0, field, range) }
    }

    private func paise(_ value: JSONValue, _ field: String, _ range: ClosedRange<Int64>) -> Int64? {
        guard let paise = value.paise else {
            refuse(field, "must be an amount of rupees")
            return nil
        }
        guard range.contains(paise) else {
            let text = Currency.inr.decimals.text
            let (least, most) = (text(range.lowerBound), text(range.upperBound))
            refuse(field, "is \(text(paise)), and must be \(least) to \(most)")
            return nil
        }
        return paise
    }

    func momentIfPresent(_ field: String) -> Timestamp? {
        guard let value = self.value(field), value != "" else { return nil }
        let moment = value.mongoDate ?? value.string.flatMap { CalendarDay($0) }.map { $0.beginning }
        if moment == nil { note(field, "is no date, and is left out") }
        return moment
    }

    func list(_ field: String) -> [JSONValue] {
        guard let value = self.value(field) else { return [] }
        if let list = value.array { return list }
        refuse(field, "must be a list")
        return []
    }
}

extension JSONValue {
    /// An amount of rupees as paise, rounded.
    var paise: Int64? {
        guard let rupees = mongoNumber, abs(rupees) < 90_000_000_000_000 else { return nil }
        return Int64((rupees * 100).rounded())
    }
}

extension Timestamp {
    static let epoch = Timestamp(seconds: 0)

    /// The first 32 bits of an ObjectId are seconds.
    init?(ofObjectID digits: String) {
        guard let seconds = UInt32(digits.prefix(8), radix: 16) else { return nil }
        self.init(seconds: Int64(seconds))
    }
}

extension CalendarDay {
    var beginning: Timestamp { Timestamp(seconds: Int64(daysSince1970) * 86_400) }
}

extension String {
    /// Without white space around it.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
