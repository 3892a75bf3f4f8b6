#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes JSON as UTF-8 bytes, in the order of the calls.
///
/// Used where encoding limits the throughput (`docs/performance.md`). A property test compares its bytes with the
/// `Codable` form of the types. Keys must be plain ASCII that needs no escaping.
public struct JSONWriter: ~Copyable, Sendable {
    fileprivate var text: TextBuffer
    private var needsComma = false
    /// Whether times are cut to whole seconds, as SkillSync writes them.
    var hasWholeSeconds = false

    public init(capacity: Int = 512) {
        text = TextBuffer(capacity: capacity)
    }

    /// Writes into borrowed memory first, and into its own memory when that is full.
    fileprivate init(in memory: UnsafeMutableBufferPointer<UInt8>) {
        text = TextBuffer(in: memory)
    }

    /// What has been written so far.
    public var bytes: [UInt8] { text.bytes }

    /// Gives access to what has been written so far. The buffer is valid only inside `body`.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        text.withBytes(body)
    }

    public mutating func beginObject() { separate(); text.append("{"); needsComma = false }
    public mutating func endObject() { text.append("}"); needsComma = true }
    public mutating func beginArray() { separate(); text.append("["); needsComma = false }
    public mutating func endArray() { text.append("]"); needsComma = true }

    @inline(__always)
    public mutating func key(_ name: StaticString) {
        text.append(key: name, isFirst: !needsComma)
        needsComma = false
    }

    /// A key that is only known at run time; it is escaped as needed. Disfavoured, so that literals use the other
    /// overload.
    @_disfavoredOverload
    public mutating func key(_ name: String) {
        value(name)
        text.append(":")
        needsComma = false
    }

    public mutating func null() { begin(); text.append(literal: "null") }

    public mutating func value(_ flag: Bool) {
        begin()
        text.append(literal: flag ? "true" : "false")
    }

    public mutating func value(_ number: Int64) {
        begin()
        text.append(decimal: number)
    }

    public mutating func value(_ number: Int) { value(Int64(number)) }

    @_disfavoredOverload
    public mutating func value(_ string: String) {
        begin()
        var string = string
        string.withUTF8 { text.append(quoted: UnsafeRawBufferPointer($0)) }
    }

    /// A text from our own source, which needs no escaping.
    public mutating func value(_ literal: StaticString) {
        begin()
        text.append("\"")
        text.append(literal: literal)
        text.append("\"")
    }

    public mutating func value(optional string: String?) {
        if let string { value(string) } else { null() }
    }

    /// A string given as its UTF-8 bytes, as PostgreSQL's binary `text` has it.
    public mutating func value(utf8 string: UnsafeRawBufferPointer) {
        begin()
        text.append(quoted: string)
    }

    public mutating func value(_ uuid: UUID) {
        begin()
        text.append("\"")
        text.append(uuid)
        text.append("\"")
    }

    public mutating func value<Kind>(_ id: Identifier<Kind>) { value(id.uuid) }

    public mutating func value(_ moment: Timestamp) {
        begin()
        text.append("\"")
        text.append(hasWholeSeconds ? Timestamp(seconds: moment.seconds) : moment)
        text.append("\"")
    }

    public mutating func value(_ day: CalendarDay) {
        begin()
        text.append("\"")
        text.append(day)
        text.append("\"")
    }

    /// Ready-made JSON around one id: `head`, the id and `tail`.
    public mutating func raw<Kind>(_ head: StaticString, _ id: Identifier<Kind>, _ tail: StaticString) {
        begin()
        text.append(literal: head)
        text.append(id.uuid)
        text.append(literal: tail)
    }

    /// Bytes that are JSON already: one value.
    public mutating func raw(_ json: some Sequence<UInt8>) {
        begin()
        for byte in json { text.append(byte: byte) }
    }

    @inline(__always)
    private mutating func begin() {
        separate()
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { text.append(",") }
    }
}

/// A response that writes its own JSON, in ``KeyStyle/snakeCase``.
public protocol JSONWritable: Sendable {
    func write(to writer: inout JSONWriter)
}

extension Array: JSONWritable where Element: JSONWritable {
    @inlinable
    public func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for element in self { element.write(to: &writer) }
        writer.endArray()
    }
}

/// A `Body` as JSON, written without creating a `Body`: for frequent answers. Tests compare it with the bytes of a
/// `Body`.
public struct Encoded<Body: Model>: Sendable {
    public let bytes: [UInt8]

    /// - Parameters:
    ///   - capacity: The expected number of bytes. A longer text is copied once more.
    ///   - body: Writes the JSON of a `Body`.
    public init(capacity: Int = 1024, _ body: (inout JSONWriter) throws -> Void) rethrows {
        var longer: [UInt8]?
        let written = try [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            var writer = JSONWriter(in: memory)
            try body(&writer)
            if writer.text.isOwner { longer = writer.bytes } else { count = writer.text.count }
        }
        bytes = longer ?? written
    }

    /// - Parameter writable: Writes the JSON of a `Body`.
    public init(_ writable: some JSONWritable) {
        self.init { writable.write(to: &$0) }
    }
}
