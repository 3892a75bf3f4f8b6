#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes JSON as UTF-8 bytes, in the order it is told.
///
/// Eleven times as fast as Foundation's encoder on a list of twenty gigs (`docs/performance.md`); used where
/// that decides throughput. A property test holds it to the same bytes as the types' `Codable` form with sorted keys left out.
/// Keys must be plain ASCII that needs no escaping.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    public mutating func beginObject() { separate(); bytes.append(UInt8(ascii: "{")); needsComma = false }
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")); needsComma = true }
    public mutating func beginArray() { separate(); bytes.append(UInt8(ascii: "[")); needsComma = false }
    public mutating func endArray() { bytes.append(UInt8(ascii: "]")); needsComma = true }

    @inline(__always)
    public mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        literal(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// A key that is only known at run time; it is escaped as needed.
    public mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func null() { separate(); needsComma = true; literal("null") }

    public mutating func value(_ flag: Bool) {
        separate()
        needsComma = true
        flag ? literal("true") : literal("false")
    }

    public mutating func value(_ number: Int64) {
        separate()
        needsComma = true
        decimal(number)
    }

    public mutating func value(_ number: Int) { value(Int64(number)) }

    public mutating func value(_ text: String) {
        separate()
        needsComma = true
        var text = text
        text.withUTF8 { escape(UnsafeRawBufferPointer($0)) }
    }

    public mutating func value(optional text: String?) {
        if let text { value(text) } else { null() }
    }

    /// A string given as its UTF-8 bytes, as PostgreSQL's binary `text` has it.
    public mutating func value(utf8 text: UnsafeRawBufferPointer) {
        separate()
        needsComma = true
        escape(text)
    }

    public mutating func value(_ uuid: UUID) {
        separate()
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        withUnsafeBytes(of: uuid.uuid) { raw in
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
                bytes.append(Self.hexadecimal(raw[index] >> 4))
                bytes.append(Self.hexadecimal(raw[index] & 15))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func value<Kind>(_ id: Identifier<Kind>) { value(id.uuid) }

    public mutating func value(_ moment: Timestamp) {
        separate()
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        let day = moment.day
        let secondOfDay = moment.seconds - Int64(day.daysSince1970) * 86_400
        let fraction = moment.microseconds - moment.seconds * 1_000_000
        date(day)
        bytes.append(UInt8(ascii: "T"))
        digits(secondOfDay / 3600, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(secondOfDay / 60 % 60, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(secondOfDay % 60, 2)
        if fraction != 0 {
            bytes.append(UInt8(ascii: "."))
            digits(fraction, 6)
        }
        bytes.append(UInt8(ascii: "Z"))
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func value(_ day: CalendarDay) {
        separate()
        needsComma = true
        bytes.append(UInt8(ascii: "\""))
        date(day)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Bytes that are JSON already: one value.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        needsComma = true
        bytes.append(contentsOf: json)
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    @inline(__always)
    private mutating func literal(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func decimal(_ number: Int64) {
        var rest = number.magnitude
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { buffer in
            var index = 20
            repeat {
                index -= 1
                buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 { bytes.append(UInt8(ascii: "-")) }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[index..<20]))
        }
    }

    private mutating func digits(_ value: Int64, _ count: Int) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func date(_ day: CalendarDay) {
        let civil = day.civil
        digits(Int64(civil.year), 4)
        bytes.append(UInt8(ascii: "-"))
        digits(Int64(civil.month), 2)
        bytes.append(UInt8(ascii: "-"))
        digits(Int64(civil.day), 2)
    }

    private mutating func escape(_ text: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            if _fastPath(byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")) { continue }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
            start = index + 1
            switch byte {
            case UInt8(ascii: "\""): literal("\\\"")
            case UInt8(ascii: "\\"): literal("\\\\")
            case 0x08: literal("\\b")
            case 0x09: literal("\\t")
            case 0x0A: literal("\\n")
            case 0x0C: literal("\\f")
            case 0x0D: literal("\\r")
            default:
                literal("\\u00")
                bytes.append(Self.hexadecimal(byte >> 4))
                bytes.append(Self.hexadecimal(byte & 15))
            }
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

/// A response that writes its own JSON.
public protocol JSONWritable: Sendable {
    func write(to writer: inout JSONWriter)
}

extension Array: JSONWritable where Element: JSONWritable {
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}
