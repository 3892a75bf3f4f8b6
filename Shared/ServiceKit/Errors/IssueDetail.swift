import SharedModels

/// What SkillSync's errors say of the first thing that is wrong: what was given there, and what fits (SkillSync contract,
/// section 1.2).
struct IssueDetail: Equatable {
    /// How many characters of a text are shown.
    static let longestText = 100

    /// `nil` when nothing was given there, and when it may be a secret.
    var provided: JSONValue?
    var expected: String?
    /// Whether ``expected`` is not what the schema takes, but a part of the issue's own sentence.
    var isInWordsOfIssue = false
}

extension IssueDetail {
    /// - Parameter body: As it came. One that is not JSON tells nothing.
    init(_ issue: InputIssue, _ operation: SharedModels.Operation, _ head: RequestHead, body: [UInt8]) {
        let path = issue.path
        if let parameter = operation.query.first(where: { $0.isNamed(path) }),
            head.query.contains(where: { parameter.isNamed($0.name) })
        {
            let text = parameter.isList ? head.list(parameter) : head.query(parameter.name)
            self.init(issue, parameter.schema, text.map { .string($0) })
        } else if head.query.contains(where: { $0.name.isSpelled(path) }) {
            self.init(expected: Self.oneOf(operation.query.map(\.name)))
        } else if let place = head.pathParameters.first(where: { $0.name.isSpelled(path) }) {
            self.init(issue, .string, .string(place.value))
        } else if let schema = operation.inputSchema {
            if let part = schema.part(at: path) {
                // Only after a refusal, so a body is read twice only then. One that cannot be read shows nothing.
                self.init(issue, part, (try? JSONValue.parse(body))?.part(at: path))
            } else {
                // What was given there is not shown: nobody can say whether it is a secret.
                self.init(expected: Self.known(at: path, schema))
                if expected == nil { expect(issue) }
            }
        } else {
            self.init()
            expect(issue)
        }
    }

    private init(_ issue: InputIssue, _ schema: Schema, _ given: JSONValue?) {
        if let given, !Self.mayBeSecret(issue.path, given) { provided = Self.shown(given) }
        // What fits the schema was refused for another reason, which the issue names.
        let misfits = given.map { !schema.issues(in: $0).isEmpty } ?? true
        if misfits { expected = schema.expectation } else { expect(issue) }
    }

    private mutating func expect(_ issue: InputIssue) {
        expected = Self.expectation(in: issue.message)
        isInWordsOfIssue = expected != nil
    }

    /// "must be a time in the future" expects "a time in the future", "must not be less than min" "not less than min", and
    /// "is not known here; known: photo" "one of photo".
    private static func expectation(in message: String) -> String? {
        for (start, meaning) in [
            ("must be ", ""), ("must have ", ""), ("must not be ", "not "), ("must ", ""),
            ("is not known here; known: ", "one of "),
        ] where message.utf8.starts(with: start.utf8) {
            return meaning + String(decoding: message.utf8.dropFirst(start.utf8.count), as: UTF8.self)
        }
        return nil
    }

    /// The names that are known where an unknown one was used.
    private static func known(at path: String, _ schema: Schema) -> String? {
        let steps = path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let parent = steps.dropLast().map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
        return schema.members(at: parent).flatMap(oneOf)
    }

    private static func oneOf(_ names: [String]) -> String? {
        names.isEmpty ? "nothing" : "one of \(names.joined(separator: ", "))"
    }

    /// Short values as they are, the beginning of a long text, and of a list or an object only that it is one.
    private static func shown(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .integer: value
        case .decimal: value.bytes.count <= longestText ? value : "a number"
        case .string(let text): .string(Self.visible(text))
        case .array(let elements): .string("a list of \(elements.count)")
        case .object: "an object"
        }
    }

    /// Control characters are shown as U+FFFD: some readers of JSON refuse a NUL.
    private static func visible(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longestText) {
            shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return String(shown) + (text.unicodeScalars.count > longestText ? "…" : "")
    }

    /// Parts of names that stand for secrets.
    private static let secretive = [
        "secret", "password", "token", "key", "code", "credential", "signature", "verifier", "assertion", "otp",
    ]

    /// How keys and secrets of ours and of Stripe's begin.
    private static let beginnings = ["sk_live_", "sk_test_", "cc_live_", "whsec_", "Bearer "]

    /// Whether a value may be a secret, by its name, or have one in it, as an address with a password has.
    static func mayBeSecret(_ path: String, _ value: JSONValue) -> Bool {
        let name = path.lowercased()
        if secretive.contains(where: { name.utf8.contains($0.utf8) }) { return true }
        guard let text = value.string?.utf8 else { return false }
        if text.contains("://".utf8), text.contains(UInt8(ascii: "@")) { return true }
        return beginnings.contains { text.contains($0.utf8) }
    }
}

/// A refusal on SkillSync together with what its details say.
struct DetailedRefusal: Error {
    let error: any Error
    let detail: IssueDetail
}
