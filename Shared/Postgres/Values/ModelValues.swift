import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension UUID: PostgresValue {
    package static var postgresType: PostgresType { .uuid }
    package static var postgresArrayType: PostgresType { .uuidArray }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) }
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard type == .uuid, bytes.count == 16 else { throw .type(type, expected: "uuid") }
        return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Identifier: PostgresCodable, PostgresListElement, PostgresValue {
    package static var postgresType: PostgresType { .uuid }
    package static var postgresArrayType: PostgresType { .uuidArray }

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        try uuid.encode(into: &bytes)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        Self(try UUID.decode(present: bytes, as: type))
    }
}

/// A `timestamptz`. PostgreSQL holds the years -4712 to 294276; its `infinity` is refused in both
/// directions.
extension Timestamp: PostgresValue {
    package static var postgresType: PostgresType { .timestamptz }
    package static var postgresArrayType: PostgresType { .timestamptzArray }

    /// From 1970 to 2000, where PostgreSQL begins to count.
    private static let epochOffset: Int64 = 946_684_800_000_000
    /// 4713-01-01 BC, the first moment PostgreSQL accepts (`MIN_TIMESTAMP` of `datatype/timestamp.h`).
    private static let earliest: Int64 = -211_813_488_000_000_000

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        let (moment, overflow) = microseconds.subtractingReportingOverflow(Self.epochOffset)
        guard !overflow, moment >= Self.earliest else {
            throw .invalidParameter(reason: "a time lies before what PostgreSQL can hold")
        }
        bytes.append(bigEndian: moment)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard type == .timestamptz || type == .timestamp else { throw .type(type, expected: "timestamptz") }
        let moment = try bytes.integer(Int64.self)
        let (microseconds, overflow) = moment.addingReportingOverflow(epochOffset)
        guard !overflow, moment != .min else { throw Mismatch(reason: "holds a time out of range") }
        return Self(microseconds: microseconds)
    }
}

/// A `date`. `infinity` is refused in both directions.
extension CalendarDay: PostgresValue {
    package static var postgresType: PostgresType { .date }
    package static var postgresArrayType: PostgresType { .dateArray }

    /// From 1970 to 2000, where PostgreSQL begins to count.
    private static let epochOffset = 10_957

    package func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        let (days, overflow) = daysSince1970.subtractingReportingOverflow(Self.epochOffset)
        guard !overflow, let day = Int32(exactly: days), day != .max, day != .min else {
            throw .invalidParameter(reason: "a day lies outside what PostgreSQL can hold")
        }
        bytes.append(bigEndian: day)
    }

    package static func decode(
        present bytes: UnsafeRawBufferPointer, as type: PostgresType
    ) throws(Mismatch) -> Self {
        guard type == .date else { throw .type(type, expected: "date") }
        let day = try bytes.integer(Int32.self)
        guard day != .max, day != .min else { throw Mismatch(reason: "is an infinite date") }
        return Self(daysSince1970: Int(day) + epochOffset)
    }
}

extension Currency: PostgresValue {}
