/// A type that can be a parameter or a column: a ``PostgresValue``, an optional of one, or an array.
///
/// Everything travels in PostgreSQL's binary format.
package protocol PostgresCodable: Sendable {
    /// The PostgreSQL type of a parameter.
    static var postgresType: PostgresType { get }

    var isNull: Bool { get }

    /// Appends the binary form. Not called when ``isNull``.
    func encode(into bytes: inout [UInt8]) throws(PostgresError)

    /// Reads the binary form of a column of type `type`; `bytes` is `nil` for `NULL`.
    static func decode(_ bytes: UnsafeRawBufferPointer?, as type: PostgresType) throws(Mismatch) -> Self
}

/// A value that has a PostgreSQL type.
///
/// An enum over `String` gets everything by conforming: `enum Status: String, PostgresValue` is a
/// `text`.
package protocol PostgresValue: PostgresCodable, PostgresListElement {
    /// The type of an array of these.
    static var postgresArrayType: PostgresType { get }

    static func decode(present bytes: UnsafeRawBufferPointer, as type: PostgresType) throws(Mismatch) -> Self
}

/// Why a column cannot be read as the requested type.
package struct Mismatch: Error, Sendable {
    let reason: String

    static let null = Self(reason: "is NULL")

    static func type(_ found: PostgresType, expected: String) -> Self {
        Self(reason: "has the type with the OID \(found.rawValue), \(expected) was expected")
    }
}

extension PostgresValue {
    package var isNull: Bool { false }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer?, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard let bytes else { throw .null }
        return try decode(present: bytes, as: type)
    }
}

extension Optional: PostgresCodable where Wrapped: PostgresCodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }

    package var isNull: Bool {
        switch self {
        case .none: true
        case .some(let value): value.isNull
        }
    }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        if case .some(let value) = self { try value.encode(into: &bytes) }
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer?, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard let bytes else { return nil }
        return try Wrapped.decode(bytes, as: type)
    }
}

extension PostgresValue where Self: RawRepresentable, RawValue == String {
    package static var postgresType: PostgresType { .text }
    package static var postgresArrayType: PostgresType { .textArray }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        try rawValue.encode(into: &bytes)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        let text = try String.decode(present: bytes, as: type)
        guard let value = Self(rawValue: text) else {
            throw Mismatch(reason: "holds a text that is not a valid \(Self.self)")
        }
        return value
    }
}

extension [UInt8] {
    /// Appends an integer in network byte order.
    @inline(__always)
    mutating func append(bigEndian number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }
}

extension UnsafeRawBufferPointer {
    /// The integer in network byte order that fills this buffer.
    @inline(__always)
    func integer<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Mismatch) -> Number {
        guard count == MemoryLayout<Number>.size else {
            throw Mismatch(reason: "has \(count) bytes, \(MemoryLayout<Number>.size) were expected")
        }
        return Number(bigEndian: loadUnaligned(as: Number.self))
    }
}
