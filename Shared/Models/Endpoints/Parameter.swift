/// A query parameter: its name, its shape in OpenAPI and how its text becomes a value.
public struct Parameter<Value: Sendable>: AnyParameter {
    public let name: String
    public let schema: Schema
    public let summary: String
    public let isList: Bool
    /// What counts when it is absent; `nil` when nothing does.
    public let initial: JSONValue?
    /// For the document: whether the handler refuses a request without it.
    public private(set) var isNeeded = false
    @usableFromInline let read: @Sendable (String?) -> Value?
    private let mayBeAbsent: Bool

    /// - Parameters:
    ///   - isList: Whether it may be there several times, as `name` or `name[]`. All its texts come as one, with commas.
    ///   - initial: What counts when it is absent, for the document.
    ///   - read: Turns the text into a value. A text of `nil` means that the parameter is absent. Returns `nil` when the
    ///     text is not acceptable.
    public init(
        _ name: String, _ schema: Schema, _ summary: String, isList: Bool = false,
        initial: JSONValue? = nil, read: @escaping @Sendable (String?) -> Value?
    ) {
        self.name = name
        self.schema = schema
        self.summary = summary
        self.isList = isList
        self.initial = initial
        self.read = read
        mayBeAbsent = read(nil) != nil
    }

    /// The same, where a request without it is refused.
    public var needed: Self {
        var needed = self
        needed.isNeeded = true
        return needed
    }

    /// - Throws: ``InputIssue`` wrapped in ``InvalidParameter`` when the text is not acceptable.
    @inlinable
    public func value(of text: String?) throws(InvalidParameter) -> Value {
        guard let value = read(text) else { throw refusal(of: text) }
        return value
    }

    public func check(_ text: String?) throws(InvalidParameter) {
        if text == nil, mayBeAbsent { return }
        _ = try value(of: text)
    }

    @usableFromInline
    func refusal(of text: String?) -> InvalidParameter {
        InvalidParameter(
            issue: InputIssue(path: name, message: expectation(of: text ?? "")), isUnknownValue: schema.isChoice)
    }

    private var listExpectation: String {
        guard case .array(.string(let rules), let count) = schema else { return "is not acceptable" }
        return "must be at most \(count.upperBound) words of at most \(rules.length.upperBound) characters each"
    }

    /// What the schema requires of the text. The reader may refuse more than the schema can express.
    private func expectation(of text: String) -> String {
        if isList { return listExpectation }
        var value = JSONValue.string(text)
        if case .integer = schema, let number = Int64(text) { value = .integer(number) }
        if let issue = schema.issues(in: value).first {
            return issue.message.replacingSuffix(", not string", with: "")
        }
        guard case .string = schema else { return "is not acceptable" }
        return "is not acceptable; expected: \(summary)"
    }
}

public protocol AnyParameter: Sendable {
    var name: String { get }
    var schema: Schema { get }
    var summary: String { get }
    var isList: Bool { get }
    var initial: JSONValue? { get }
    var isNeeded: Bool { get }
    func check(_ text: String?) throws(InvalidParameter)
}

extension AnyParameter {
    /// Whether a query that has `text` as a name means this parameter.
    public func isNamed(_ text: String) -> Bool {
        if text.isSpelled(name) { return true }
        return isList && text.utf8.count == name.utf8.count + 2 && text.isSpelled(name + "[]")
    }
}

public struct InvalidParameter: Error, Sendable {
    public let issue: InputIssue
    /// Whether the parameter takes only certain words and this is a different one.
    public let isUnknownValue: Bool

    public init(issue: InputIssue, isUnknownValue: Bool) {
        self.issue = issue
        self.isUnknownValue = isUnknownValue
    }
}

extension Schema {
    fileprivate var isChoice: Bool {
        switch self {
        case .string(let rules): rules.values != nil
        case .boolean: true
        default: false
        }
    }
}

extension Parameter {
    /// One case of an enum, or `nil` when absent.
    public static func oneOf<Case>(_ name: String, _ type: Case.Type, _ summary: String) -> Parameter<Case?>
    where Case: CaseIterable & RawRepresentable & SchemaDescribed & Sendable, Case.RawValue == String, Value == Case? {
        Parameter<Case?>(name, Case.schema, summary) { text in
            guard let text else { return .some(nil) }
            return Case.allCases.first { $0.rawValue.isSpelled(text) }.map(Optional.some)
        }
    }
}

extension Parameter where Value == Int {
    /// A whole number with a default.
    public static func integer(_ name: String, _ range: ClosedRange<Int>, default initial: Int, _ summary: String)
        -> Self
    {
        Self(
            name, .integer(Int64(range.lowerBound)...Int64(range.upperBound)), summary,
            initial: .integer(Int64(initial))
        ) { text in
            guard let text else { return initial }
            guard let number = Int(text), range.contains(number), String(number) == text else { return nil }
            return number
        }
    }

    /// The number of a page, for lists that are counted.
    public static let page = integer("page", 1...1_000_000, default: 1, "Which page, from 1")

    /// The maximum number of rows on a page.
    public static let limit = integer("limit", 1...100, default: 50, "Rows per page, 1 to 100")
}

extension Parameter where Value == Int64? {
    /// An amount of money in minor units, as in ``MemberRule/amount``, or `nil` when absent.
    public static func amount(_ name: String, _ summary: String) -> Self {
        let range: ClosedRange<Int64> = 0...9_007_199_254_740_991
        return Self(name, .integer(range), summary) { text in
            guard let text else { return .some(nil) }
            guard let number = Int64(text), range.contains(number), String(number) == text else { return nil }
            return .some(number)
        }
    }
}

extension Parameter where Value == Int64? {
    /// A moment in whole seconds since 1970, or `nil` when absent.
    public static func seconds(_ name: String, _ summary: String) -> Self {
        amount(name, summary)
    }
}

extension Parameter where Value == CalendarMonth? {
    /// A calendar month in UTC, or `nil` when absent.
    public static func month(_ name: String, _ summary: String) -> Self {
        Self(name, CalendarMonth.schema, summary) { text in
            guard let text else { return .some(nil) }
            return CalendarMonth(text).map(Optional.some)
        }
    }
}

extension Parameter where Value == PageCursor? {
    /// Where the page begins: `next_cursor` of the page before.
    public static let cursor = Self("cursor", PageCursor.schema, "next_cursor of the page before") { text in
        guard let text else { return .some(nil) }
        return PageCursor(text).map(Optional.some)
    }
}

extension Parameter where Value == [String] {
    /// Several words: `name[]=a&name[]=b`, `name=a&name=b` or `name=a,b`. Blank ones are left out.
    ///
    /// - Parameters:
    ///   - most: How many words there may be.
    ///   - length: How many characters a word may have.
    public static func list(_ name: String, atMost most: Int, ofAtMost length: Int, _ summary: String) -> Self {
        var rules = StringRules()
        rules.length = 1...length
        return Self(name, .array(of: .string(rules), count: 0...most), summary, isList: true) { text in
            guard let text else { return [] }
            guard !text.unicodeScalars.contains("\0") else { return nil }
            let words = text.utf8.split(separator: UInt8(ascii: ","))
                .map { String(decoding: $0.trimmingBlanks, as: UTF8.self) }.filter { !$0.isEmpty }
            return words.count <= most && words.allSatisfy { $0.unicodeScalars.count <= length } ? words : nil
        }
    }
}

extension Parameter where Value == Bool {
    /// A switch: `true` or `1` turns it on; `false`, `0` or absence leaves it off.
    public static func flag(_ name: String, _ summary: String) -> Self {
        Self(name, .boolean, summary, initial: false) { text in
            guard let text else { return false }
            if ["1", "true"].contains(where: text.isSpelled) { return true }
            return ["0", "false"].contains(where: text.isSpelled) ? false : nil
        }
    }
}

extension Parameter {
    /// An id, or `nil` when absent.
    public static func id<Kind>(_ name: String, _ summary: String) -> Self where Value == Identifier<Kind>? {
        Self(name, Identifier<Kind>.schema, summary) { text in
            guard let text else { return .some(nil) }
            return Identifier<Kind>(text).map(Optional.some)
        }
    }

    /// Any text up to `length` characters, or `nil` when absent.
    public static func text(_ name: String, _ length: Int, _ summary: String) -> Self where Value == String? {
        var rules = StringRules()
        rules.length = 0...length
        return Self(name, .string(rules), summary) { text in
            guard let text else { return .some(nil) }
            guard text.unicodeScalars.count <= length, !text.unicodeScalars.contains("\0") else { return nil }
            return .some(text)
        }
    }
}

extension StringRules {
    /// - Parameter name: The component's name in OpenAPI.
    static func schema(of name: String, oneOf values: [String]) -> Schema {
        var rules = StringRules()
        rules.values = values
        rules.valuesName = name
        return .string(rules)
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, with new: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + new : self
    }
}
