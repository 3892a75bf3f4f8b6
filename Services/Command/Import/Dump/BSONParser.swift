import SharedModels

/// Reads one document of BSON as MongoDB's extended JSON, which `mongoexport` would have written of it.
///
/// Lengths are believed only as far as there are bytes.
struct BSONParser {
    struct Problem: Error {
        let reason: String
    }

    /// As deep as MongoDB itself lets documents nest.
    static let deepest = 100
    /// Length and end.
    static let smallest = 5

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// - Parameter bytes: The whole document, and nothing else.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        var parser = BSONParser(bytes)
        let members = try parser.members(before: bytes.count)
        guard parser.position == bytes.count else { throw parser.problem("has bytes after its end") }
        return .object(members)
    }

    private func problem(_ reason: String) -> Problem { Problem(reason: "\(reason) (byte \(position))") }
}

// Documents.
extension BSONParser {
    /// - Parameter end: Where what encloses the document ends.
    private mutating func members(before end: Int) throws(Problem) -> [JSONMember] {
        let start = position
        let length = Int(try whole(Int32.self, before: end))
        guard length >= Self.smallest, length <= end - start else {
            position = start
            throw problem("says that it has \(length) bytes, and has \(end - start)")
        }
        depth += 1
        guard depth <= Self.deepest else { throw problem("nests deeper than \(Self.deepest)") }
        let last = start + length - 1
        var members: [JSONMember] = []
        while position < last {
            let type = bytes[position]
            position += 1
            let name = try name(before: last)
            members.append(JSONMember(name, try value(type, before: last)))
        }
        guard bytes[last] == 0 else { throw problem("does not end with a zero") }
        position = last + 1
        depth -= 1
        return members
    }

    private mutating func value(_ type: UInt8, before end: Int) throws(Problem) -> JSONValue {
        switch type {
        case 0x01: return Self.number(Double(bitPattern: try whole(UInt64.self, before: end)))
        case 0x02, 0x0E: return .string(try text(before: end))
        case 0x03: return .object(try members(before: end))
        case 0x04: return .array(try members(before: end).map(\.value))
        case 0x05: return try binary(before: end)
        case 0x06, 0x0A: return .null
        case 0x07: return ["$oid": .string(try hexadecimal(12, before: end))]
        case 0x08: return .bool(try flag(before: end))
        case 0x09: return ["$date": ["$numberLong": .string("\(try whole(Int64.self, before: end))")]]
        case 0x0B:
            let (pattern, options) = (try name(before: end), try name(before: end))
            return ["$regularExpression": ["pattern": .string(pattern), "options": .string(options)]]
        case 0x0C:
            let (space, id) = (try text(before: end), try hexadecimal(12, before: end))
            return ["$dbPointer": ["$ref": .string(space), "$id": ["$oid": .string(id)]]]
        case 0x0D: return ["$code": .string(try text(before: end))]
        case 0x0F:
            _ = try whole(Int32.self, before: end)
            let (code, scope) = (try text(before: end), try members(before: end))
            return ["$code": .string(code), "$scope": .object(scope)]
        case 0x10: return .integer(Int64(try whole(Int32.self, before: end)))
        case 0x11:
            let stamp = try whole(UInt64.self, before: end)
            return ["$timestamp": ["t": .integer(Int64(stamp >> 32)), "i": .integer(Int64(stamp & 0xFFFF_FFFF))]]
        case 0x12: return .integer(try whole(Int64.self, before: end))
        case 0x13:
            let (low, high) = (try whole(UInt64.self, before: end), try whole(UInt64.self, before: end))
            return ["$numberDecimal": .string(Self.decimal(high, low))]
        case 0x7F: return ["$maxKey": 1]
        case 0xFF: return ["$minKey": 1]
        default: throw problem("has a member of an unknown type, \(type)")
        }
    }
}

// What documents consist of.
extension BSONParser {
    private mutating func take(_ count: Int, before end: Int) throws(Problem) -> ArraySlice<UInt8> {
        guard count >= 0, count <= end - position else { throw problem("breaks off") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func whole<Number: FixedWidthInteger>(
        _: Number.Type, before end: Int
    ) throws(Problem) -> Number {
        var number: Number = 0
        let size = MemoryLayout<Number>.size
        for (index, byte) in try take(size, before: end).enumerated() {
            number |= Number(truncatingIfNeeded: byte) << (8 * index)
        }
        return number
    }

    /// A text that a zero ends.
    private mutating func name(before end: Int) throws(Problem) -> String {
        guard let zero = bytes[position..<end].firstIndex(of: 0) else { throw problem("has a name without an end") }
        let text = String(validating: bytes[position..<zero], as: UTF8.self)
        guard let text else { throw problem("has a name that is no UTF-8") }
        position = zero + 1
        return text
    }

    /// A text with its length before it.
    private mutating func text(before end: Int) throws(Problem) -> String {
        let length = Int(try whole(Int32.self, before: end))
        guard length > 0, length <= end - position, bytes[position + length - 1] == 0 else {
            throw problem("has a text that says it has \(length) bytes, and has not")
        }
        let text = String(validating: bytes[position..<position + length - 1], as: UTF8.self)
        guard let text else { throw problem("has a text that is no UTF-8") }
        position += length
        return text
    }

    private mutating func binary(before end: Int) throws(Problem) -> JSONValue {
        let length = Int(try whole(Int32.self, before: end))
        let kind = try hexadecimal(1, before: end)
        let content = Base64.encode(try take(length, before: end))
        return ["$binary": ["base64": .string(content), "subType": .string(kind)]]
    }

    private mutating func hexadecimal(_ count: Int, before end: Int) throws(Problem) -> String {
        Hexadecimal.encode(try take(count, before: end))
    }

    private mutating func flag(before end: Int) throws(Problem) -> Bool {
        switch try whole(UInt8.self, before: end) {
        case 0: return false
        case 1: return true
        case let other: throw problem("has a truth of \(other)")
        }
    }
}

// Numbers.
extension BSONParser {
    private static func number(_ number: Double) -> JSONValue {
        number.isFinite ? .decimal("\(number)") : ["$numberDouble": .string("\(number)")]
    }

    /// A number of 34 decimal digits: 1 bit for the sign, 14 for the exponent, 113 for the digits.
    private static func decimal(_ high: UInt64, _ low: UInt64) -> String {
        let sign = high >> 63 == 1 ? "-" : ""
        let isLarge = high >> 61 & 0b11 == 0b11
        if isLarge, high >> 59 & 0b11 == 0b11 { return high >> 58 & 1 == 1 ? "NaN" : "\(sign)Infinity" }
        // The other form can only hold more digits than there may be, which count as 0.
        guard !isLarge else { return "0" }
        let exponent = Int(high >> 49 & 0x3FFF) - 6176
        let digits = UInt128(high & 0x1_FFFF_FFFF_FFFF) << 64 | UInt128(low)
        return digits > 9_999_999_999_999_999_999_999_999_999_999_999 ? "0" : "\(sign)\(digits)E\(exponent)"
    }
}
