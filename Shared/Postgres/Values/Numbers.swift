extension Bool: PostgresValue {
    package static var postgresType: PostgresType { .bool }
    package static var postgresArrayType: PostgresType { .boolArray }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(self ? 1 : 0)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard type == .bool else { throw .type(type, expected: "boolean") }
        return try bytes.integer(UInt8.self) != 0
    }
}

/// A parameter is a `bigint`; columns may be `smallint`, `integer` or `bigint`.
extension Int64: PostgresValue {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(bigEndian: self)
    }

    @inline(__always)
    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        switch type {
        case .int8: try bytes.integer(Int64.self)
        case .int4: Int64(try bytes.integer(Int32.self))
        case .int2: Int64(try bytes.integer(Int16.self))
        default: throw .type(type, expected: "smallint, integer or bigint (cast a sum in SQL)")
        }
    }
}

/// Like `Int64`: a parameter is a `bigint`.
extension Int: PostgresValue {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(bigEndian: Int64(self))
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        Int(try Int64.decode(present: bytes, as: type))
    }
}

/// A parameter is an `integer`; columns may be `smallint` or `integer`.
extension Int32: PostgresValue {
    package static var postgresType: PostgresType { .int4 }
    package static var postgresArrayType: PostgresType { .int4Array }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(bigEndian: self)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        switch type {
        case .int4: try bytes.integer(Int32.self)
        case .int2: Int32(try bytes.integer(Int16.self))
        default: throw .type(type, expected: "smallint or integer")
        }
    }
}

/// A parameter is a `double precision`; columns may be `real` too.
extension Double: PostgresValue {
    package static var postgresType: PostgresType { .float8 }
    package static var postgresArrayType: PostgresType { .float8Array }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        bytes.append(bigEndian: bitPattern)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        switch type {
        case .float8: Double(bitPattern: try bytes.integer())
        case .float4: Double(Float(bitPattern: try bytes.integer()))
        default: throw .type(type, expected: "real or double precision")
        }
    }
}
