/// An element of a Swift array that can be a parameter or a column: ``PostgresValue``s make a PostgreSQL array, bytes
/// make a `bytea`.
package protocol PostgresListElement: Sendable {
    static var postgresListType: PostgresType { get }
    static func encode(list: [Self], into bytes: inout [UInt8]) throws(PostgresError)
    static func decode(list bytes: UnsafeRawBufferPointer, as type: PostgresType) throws(Mismatch) -> [Self]
}

extension Array: PostgresCodable where Element: PostgresListElement {
    package static var postgresType: PostgresType { Element.postgresListType }
    package var isNull: Bool { false }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        try Element.encode(list: self, into: &bytes)
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer?, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard let bytes else { throw .null }
        return try Element.decode(list: bytes, as: type)
    }
}

extension UInt8: PostgresListElement {
    package static var postgresListType: PostgresType { .bytea }

    package static func encode(list: [UInt8], into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(contentsOf: list)
    }

    package static func decode(
        list bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> [UInt8] {
        guard type == .bytea else { throw .type(type, expected: "bytea") }
        return Array(bytes)
    }
}

/// The format of `array_send` and `array_recv` in PostgreSQL's `arrayfuncs.c`: the number of dimensions, whether there
/// are `NULL`s, the element type, then length and lower bound of each dimension, then the elements, each after its
/// length. All numbers are four bytes.
extension PostgresValue {
    package static var postgresListType: PostgresType { postgresArrayType }

    package static func encode(list: [Self], into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(bigEndian: Int32(list.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(0))
        bytes.append(bigEndian: postgresType.rawValue)
        guard !list.isEmpty else { return }
        bytes.append(bigEndian: Int32(clamping: list.count))
        bytes.append(bigEndian: Int32(1))
        for value in list {
            let start = bytes.count
            bytes.append(bigEndian: Int32(0))
            try value.encode(into: &bytes)
            let length = Int32(clamping: bytes.count - start - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(start..<start + 4, with: $0) }
        }
    }

    /// Only arrays of one dimension without `NULL`s are read.
    package static func decode(
        list bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> [Self] {
        var reader = ListReader(bytes: bytes)
        let dimensions = try reader.number()
        _ = try reader.number()
        let elementType = PostgresType(rawValue: UInt32(bitPattern: try reader.number()))
        guard dimensions > 0 else { return [] }
        guard dimensions == 1 else { throw Mismatch(reason: "is an array of several dimensions") }
        let count = Int(try reader.number())
        _ = try reader.number()
        var list: [Self] = []
        list.reserveCapacity(min(count, bytes.count))
        for _ in 0..<max(count, 0) {
            let length = Int(try reader.number())
            guard length >= 0 else { throw Mismatch(reason: "is an array with a NULL in it") }
            list.append(try decode(present: try reader.take(length), as: elementType))
        }
        return list
    }
}

/// Walks over the binary form of an array.
private struct ListReader {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    mutating func take(_ count: Int) throws(Mismatch) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw Mismatch(reason: "is no array") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    mutating func number() throws(Mismatch) -> Int32 {
        try take(4).integer()
    }
}
