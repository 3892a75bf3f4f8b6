import Foundation
import GuildhallClient
import ServiceKit
import SharedModels

/// A form: where it goes, and what is asked. The template `form` shows it, with the token and the key of a repeat.
struct Form: Sendable {
    let action: String
    let submit: String
    var fields: [Field]
    /// What is wrong with the whole, rather than with one field.
    var problem: String?
    /// Where an action without its own page leads back to.
    var back: String?
    /// `danger` for what cannot be undone.
    var style = "primary"
    /// What is to be read before it is sent.
    var note: String?

    init(_ action: String, submit: String, _ fields: [Field] = []) {
        (self.action, self.submit, self.fields) = (action, submit, fields)
    }

    func values(_ visit: Visit) -> Values {
        var values: Values = [
            "action": action, "submit": submit, "style": style, "token": visit.token.text, "once": UUID().uuidString,
            "fields": fields.map(\.values),
        ]
        // The keyboard begins where something is wrong, with or without scripts.
        if let wrong = fields.firstIndex(where: { $0.problem != nil }) {
            values["fields"] = fields.enumerated().map { $1.values.merging(["isFirstProblem": $0 == wrong]) { $1 } }
        }
        values["problem"] = problem
        values["back"] = back
        values["note"] = note
        values["hasFile"] = fields.contains { $0.kind == .file }
        return values
    }

    /// The same form without a field.
    func without(_ name: String) -> Self {
        var form = self
        form.fields.removeAll { $0.name == name }
        return form
    }

    /// The same form with what was typed.
    func filled(with typed: Fields) -> Self {
        var form = self
        for index in form.fields.indices where form.fields[index].kind != .password {
            if let value = typed.raw(form.fields[index].name) { form.fields[index].value = value }
            if form.fields[index].kind == .many { form.fields[index].chosen = typed.all(form.fields[index].name) }
            if form.fields[index].kind == .check {
                form.fields[index].value = typed.text(form.fields[index].name) ?? ""
            }
        }
        return form
    }

    /// The same form with each complaint at its field; those about no field of it are above.
    func complaining(_ message: String, _ issues: [InputIssue]) -> Self {
        var form = self
        var others: [String] = []
        for issue in issues {
            let name = issue.path.utf8.prefix { $0 != UInt8(ascii: ".") }
            // The API names the member, and we ourselves the field.
            let isMeant = { (field: Field) in
                [field.member, field.name].contains { $0?.utf8.elementsEqual(name) == true }
            }
            if let index = form.fields.firstIndex(where: isMeant) {
                form.fields[index].problem = issue.message.asSentence
            } else {
                others.append("\(issue.path) \(issue.message).")
            }
        }
        form.problem =
            issues.isEmpty
            ? message : others.isEmpty ? "Please look at the marked fields." : others.joined(separator: " ")
        return form
    }
}

struct Field: Sendable {
    enum Kind: String, Sendable {
        case text, area, money, number, choice, check, password, email, hidden, url, date, many, file
    }

    let kind: Kind
    let name: String
    let label: String
    var value = ""
    /// The member of the API's body that it becomes, when that has another name.
    var member: String?
    var hint: String?
    var options: [(value: String, label: String)] = []
    /// Which of the options are ticked; of `many` alone.
    var chosen: [String] = []
    var isRequired = false
    var most: Int?
    var autocomplete: String?
    /// Which files may be chosen.
    var accept: String?
    var problem: String?

    init(_ kind: Kind, _ name: String, _ label: String) { (self.kind, self.name, self.label) = (kind, name, label) }

    /// A copy with other members, to declare a field in one expression.
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    var values: Values {
        var values: Values = [
            "name": name, "label": label, "value": value, kind.rawValue: true, "id": "field-\(name)",
            "required": isRequired, "checked": kind == .check && !value.isEmpty,
            "options": options.map {
                [
                    "value": $0.value, "label": $0.label,
                    "selected": kind == .many ? chosen.contains($0.value) : $0.value == value,
                ] as Values
            },
            // Inner names hide outer ones, which mustache would find otherwise.
            "hint": hint ?? "", "hasHint": hint != nil, "problem": problem ?? "", "hasProblem": problem != nil,
            "most": most.map(String.init) ?? "", "hasMost": most != nil,
            "isFirstProblem": false, "inputMode": kind == .number ? "numeric" : "",
            "accept": accept ?? "", "autocomplete": autocomplete ?? "", "hasAutocomplete": autocomplete != nil,
        ]
        let described = [hint != nil ? "hint-\(name)" : nil, problem != nil ? "problem-\(name)" : nil].compactMap { $0 }
        values["described"] = described.joined(separator: " ")
        values["isDescribed"] = !described.isEmpty
        switch kind {
        case .text, .password, .email, .number, .url, .date:
            values["input"] = true
            // A browser sends nothing at all for what is no number, and nobody could say what is wrong with it.
            values["type"] = kind == .number ? "text" : kind.rawValue
        default: break
        }
        return values
    }
}

/// What a form sent.
struct Fields: Sendable {
    private let values: [(name: String, value: String)]

    init(_ values: [(name: String, value: String)] = []) { self.values = values }

    /// What was typed into a form with a file.
    init(typed: [(name: String, value: String)]) {
        // Browsers end lines with two characters.
        values = typed.map { ($0.name, $0.value.replacingOccurrences(of: "\r\n", with: "\n")) }
    }

    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// - Returns: `nil` when it is not that.
    init?(_ body: [UInt8]) {
        var values: [(name: String, value: String)] = []
        for pair in FormEncoding.pairs(body) {
            guard let name = FormEncoding.text(decoding: pair.name), let value = FormEncoding.text(decoding: pair.value)
            else { return nil }
            values.append((name, value))
        }
        self.init(typed: values)
    }

    /// Every field, as it was sent.
    var pairs: [(name: String, value: String)] { values }

    /// What somebody chose or wrote: all but what forms carry by themselves.
    var typed: [(name: String, value: String)] {
        values.filter { !["token", "once", "back"].contains($0.name) && !$0.value.isEmpty }
    }

    func raw(_ name: String) -> String? { values.first { $0.name == name }?.value }

    /// `nil` when it is missing or blank.
    func text(_ name: String) -> String? {
        let text = raw(name)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return text.isEmpty ? nil : text
    }

    /// The parts between commas or line ends, without blank ones.
    func list(_ name: String) -> [String] {
        (raw(name) ?? "").split { $0 == "," || $0.isNewline }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

    /// An amount of money that was typed, in cents: `12`, `12.5`, `12,50`, `1,200.00`.
    ///
    /// - Throws: ``FieldProblem`` for anything else.
    func cents(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let cents = Self.cents(text) else {
            throw FieldProblem(name, "must be an amount like 50 or 49.90")
        }
        return cents
    }

    static func cents(_ text: String) -> Int64? {
        let bytes = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "$") }
        let isMark = bytes.map { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
        guard isMark.last == false, !zip(isMark, isMark.dropFirst()).contains(where: { $0 && $1 }) else { return nil }
        // The last point or comma is the decimal one if one or two digits follow it.
        let mark = bytes.lastIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }
        var (whole, part) = (bytes, [UInt8]())
        if let mark, (1...2).contains(bytes.count - mark - 1) {
            whole = Array(bytes[..<mark])
            part = Array(bytes[(mark + 1)...])
        }
        whole.removeAll { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ".") }
        if part.count == 1 { part.append(UInt8(ascii: "0")) }
        let digits = whole + (part.isEmpty ? Array("00".utf8) : part)
        guard !whole.isEmpty || !part.isEmpty, digits.count <= 15, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    /// An amount as a form shows it: `49.90`.
    static func typed(_ cents: Int64) -> String {
        let part = cents % 100
        return part == 0 ? "\(cents / 100)" : "\(cents / 100).\(part < 10 ? "0" : "")\(part)"
    }

    func integer(_ name: String) throws -> Int64? {
        guard let text = text(name) else { return nil }
        guard let number = Int64(text) else { throw FieldProblem(name, "must be a whole number") }
        return number
    }
}

/// What was typed cannot be sent to the API.
struct FieldProblem: Error {
    let issue: InputIssue
    init(_ name: String, _ message: String) { issue = InputIssue(path: name, message: message) }
}

extension Visit {
    /// The key that makes a form sent twice one form: made with the form, and passed on to the API.
    var once: String? { fields.text("once") }

    /// Does what a form asks. When the API refuses it for what was typed, the form is shown again as it was, with each
    /// complaint at its field.
    func submit(
        _ form: Form, again: (Form) async throws -> WebAnswer, _ call: () async throws -> WebAnswer
    ) async throws -> WebAnswer {
        let typed = form.filled(with: fields)
        do {
            return try await call()
        } catch let problem as FieldProblem {
            return try await again(typed.complaining("", [problem.issue]))
        } catch let refusal as GuildhallRefusal where [400, 409, 412, 422, 429].contains(refusal.status) {
            return try await again(typed.complaining(refusal.message, refusal.issues))
        }
    }

    /// A button that does one thing, and comes back here, or to `back`, when the API refuses.
    func button(
        _ label: String, _ action: String, style: String = "primary", note: String? = nil, back: String? = nil
    ) -> Values {
        var form = Form(action, submit: label)
        form.style = style
        form.back = back ?? request.path
        form.note = note
        return form.values(self)
    }
}

extension String {
    /// `must be …` as its own sentence.
    var asSentence: String {
        guard let first else { return self }
        let text = first.uppercased() + dropFirst()
        return text.hasSuffix(".") ? text : text + "."
    }
}
