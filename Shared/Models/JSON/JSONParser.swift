/// Why a text is refused as JSON.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// What is wrong, for the caller.
    public let message: String
    /// Where, in bytes from the start.
    public let offset: Int
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly.
    ///
    /// Besides bad syntax it refuses bytes that are not UTF-8, a lone surrogate, `\u0000` (PostgreSQL's text cannot
    /// hold it), a repeated member (RFC 8259 leaves its meaning open), a name of more than ``longestName`` bytes, and
    /// more than `maximumDepth` levels, so that no body can exhaust the stack.
    ///
    /// - Parameter leniently: For the answers of providers, where one bad value must not lose the rest. U+0000 is left
    ///   out of strings; bytes that are not UTF-8 and lone surrogates become U+FFFD; a string is cut at
    ///   ``longestLenientText`` characters, and combining marks beyond ``CombiningMarks/most`` are left out; of a
    ///   repeated member the last one counts, as for most readers.
    public static func parse(
        _ bytes: some Collection<UInt8>, leniently: Bool = false, maximumDepth: Int = 64
    ) throws(JSONSyntaxError) -> JSONValue {
        let contiguous = [UInt8](bytes)
        var parser = JSONParser(bytes: contiguous, isLenient: leniently, maximumDepth: maximumDepth)
        return try parser.document()
    }

    /// In Unicode scalars. Several times the longest string that a provider sends on purpose.
    public static let longestLenientText = 100_000

    /// In bytes. Several times the longest name of ours.
    public static let longestName = 256
}

private struct JSONParser {
    let bytes: [UInt8]
    let isLenient: Bool
    let maximumDepth: Int
    var position = 0
    var depth = 0

    init(bytes: [UInt8], isLenient: Bool, maximumDepth: Int) {
        self.bytes = bytes
        self.isLenient = isLenient
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        let value = try self.value()
        skipSpace()
        guard position == bytes.count else { throw error("text after the end of the value") }
        return value
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        guard let byte = peek else { throw error("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("a value is expected")
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < maximumDepth else { throw error("nested deeper than \(maximumDepth) levels") }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONSyntaxError) -> JSONValue {
        var members = ParsedMembers()
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw error("a member name in quotes is expected") }
            let name = try string()
            guard isLenient || name.utf8.count <= JSONValue.longestName else {
                throw error("the member '\(name.excerpt)…' has a name of more than \(JSONValue.longestName) bytes")
            }
            guard members.note(name) || isLenient else {
                throw error("the member '\(name.excerpt)' is given twice")
            }
            skipSpace()
            guard take(":") else { throw error("':' is expected after a member name") }
            skipSpace()
            members.append(JSONMember(name, try value()))
            skipSpace()
            if take("}") { return .object(members.all) }
            guard take(",") else { throw error("',' or '}' is expected") }
        }
    }

    private mutating func array() throws(JSONSyntaxError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("',' or ']' is expected") }
        }
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        _ = take("-")
        let leadingZero = peek == UInt8(ascii: "0")
        let digitCount = skipDigits()
        guard digitCount > 0 else { throw error("a digit is expected") }
        guard !leadingZero || digitCount == 1 else { throw error("a number does not start with 0") }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard skipDigits() > 0 else { throw error("a digit is expected after '.'") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard skipDigits() > 0 else { throw error("a digit is expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        return .decimal(text)
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        var unescaped: [UInt8]?
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                let text = unescaped ?? Array(bytes[start..<position])
                position += 1
                return try self.text(text)
            case UInt8(ascii: "\\"):
                if unescaped == nil { unescaped = Array(bytes[start..<position]) }
                unescaped?.append(contentsOf: try escape())
            case 0..<0x20 where !isLenient:
                throw error("a control character in a string must be escaped")
            default:
                unescaped?.append(byte)
                position += 1
            }
        }
        throw error("a string does not end")
    }

    /// The string between the quotes.
    private func text(_ bytes: [UInt8]) throws(JSONSyntaxError) -> String {
        guard isLenient else {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw error("a string is not UTF-8") }
            return text
        }
        let text = CombiningMarks.thinned(
            String(decoding: bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes, as: UTF8.self))
        guard text.utf8.count > JSONValue.longestLenientText else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(JSONValue.longestLenientText)))
    }

    private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
        position += 1
        guard let byte = peek else { throw error("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try unicodeScalar())).utf8)
        default: throw error("an unknown escape in a string")
        }
    }

    private mutating func unicodeScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try fourHexadecimalDigits()
        guard first != 0 || isLenient else { throw error("a string holds the character U+0000") }
        if let scalar = Unicode.Scalar(first) { return scalar }
        let behind = position
        // A high surrogate must be followed by a low one.
        if first < 0xDC00, take("\\"), take("u") {
            let second = try fourHexadecimalDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        guard isLenient else { throw error("a string holds a lone surrogate") }
        // The caller parses what follows.
        position = behind
        return "\u{FFFD}"
    }

    private mutating func fourHexadecimalDigits() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = peek?.hexadecimalDigit else { throw error("four hexadecimal digits are expected") }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        let end = position + text.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[position..<end].elementsEqual(expected) else {
            throw error("a value is expected")
        }
        position = end
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(_ message: String) -> JSONSyntaxError {
        JSONSyntaxError(message: message, offset: position)
    }
}

/// The members of an object that is being read.
private struct ParsedMembers {
    /// Up to so many, a list is searched faster than a dictionary.
    private static let few = 8

    private var list: [JSONMember] = []
    /// Where each name is in the list, once there are more than a few.
    private var places: [Spelling: Int] = [:]
    /// The places of members that were given again.
    private var replaced: Set<Int> = []

    /// Announces the next member.
    ///
    /// - Returns: `false` when there is one of that name, which the next replaces.
    mutating func note(_ name: String) -> Bool {
        guard let place = place(of: name) else { return true }
        replaced.insert(place)
        return false
    }

    mutating func append(_ member: JSONMember) {
        if list.count == Self.few {
            for (place, member) in list.enumerated() { places[Spelling(member.name)] = place }
        }
        if list.count >= Self.few { places[Spelling(member.name)] = list.count }
        list.append(member)
    }

    var all: [JSONMember] {
        replaced.isEmpty ? list : list.enumerated().filter { !replaced.contains($0.offset) }.map(\.element)
    }

    private func place(of name: String) -> Int? {
        list.count > Self.few ? places[Spelling(name)] : list.lastIndex { $0.name.isSpelled(name) }
    }
}
