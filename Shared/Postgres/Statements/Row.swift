import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One row of an answer.
package struct Row: Sendable {
    private let rows: Rows
    private let index: Int

    init(rows: Rows, index: Int) {
        self.rows = rows
        self.index = index
    }

    /// Reads a column by its name.
    ///
    /// - Throws: ``PostgresError/decoding(column:reason:)`` when the column does not exist, has another type, or is
    ///   `NULL` and `Value` is not optional.
    package func decode<Value: PostgresCodable>(
        _ column: String, as _: Value.Type = Value.self
    ) throws -> Value {
        guard let position = rows.index(ofColumn: column) else {
            throw PostgresError.decoding(column: column, reason: "is not in the result")
        }
        return try decode(at: position)
    }

    /// Like ``decode(_:as:)``, with `nil` for `NULL`.
    package func decodeIfPresent<Value: PostgresCodable>(
        _ column: String, as _: Value.Type = Value.self
    ) throws -> Value? {
        try decode(column, as: Value?.self)
    }

    /// Reads the columns `<name>_minor` (`bigint`) and `<name>_currency` (`text`).
    package func money(_ name: String) throws -> Money {
        Money(minorUnits: try decode(name + "_minor"), currency: try decode(name + "_currency"))
    }
}

/// Access by position, counted from 0. For frequent reads, which skip the search for the name.
extension Row {
    /// - Throws: ``PostgresError/decoding(column:reason:)``, like ``decode(_:as:)``.
    @inline(__always)
    package func decode<Value: PostgresCodable>(
        at column: Int, as _: Value.Type = Value.self
    ) throws -> Value {
        try checkColumn(column)
        do throws(Mismatch) {
            return try Value.decode(rows.bytes(row: index, column: column), as: rows.type(column: column))
        } catch {
            throw PostgresError.decoding(column: rows.columnName(column), reason: error.reason)
        }
    }

    package func int64(at column: Int) throws -> Int64 { try decode(at: column) }
    package func bool(at column: Int) throws -> Bool { try decode(at: column) }
    package func string(at column: Int) throws -> String { try decode(at: column) }
    package func uuid(at column: Int) throws -> UUID { try decode(at: column) }
    package func timestamp(at column: Int) throws -> Timestamp { try decode(at: column) }

    package func isNull(at column: Int) throws -> Bool {
        try checkColumn(column)
        return rows.bytes(row: index, column: column) == nil
    }

    /// Writes a column as JSON without creating a value first, which would copy a text.
    ///
    /// - Throws: ``PostgresError/decoding(column:reason:)`` for types other than text, whole numbers, booleans, UUIDs
    ///   and moments.
    package func write(at column: Int, to writer: inout JSONWriter) throws {
        try checkColumn(column)
        let type = rows.type(column: column)
        guard let bytes = rows.bytes(row: index, column: column) else { return writer.null() }
        do throws(Mismatch) {
            switch type {
            case .uuid: writer.value(try UUID.decode(present: bytes, as: type))
            case .timestamptz: writer.value(try Timestamp.decode(present: bytes, as: type))
            case .int8, .int4, .int2: writer.value(try Int64.decode(present: bytes, as: type))
            case .bool: writer.value(try Bool.decode(present: bytes, as: type))
            case _ where type.isTextual: writer.value(utf8: bytes)
            default: throw .type(type, expected: "text, a whole number, boolean, uuid or timestamptz")
            }
        } catch {
            throw PostgresError.decoding(column: rows.columnName(column), reason: error.reason)
        }
    }

    @inline(__always)
    private func checkColumn(_ column: Int) throws {
        guard column >= 0, column < rows.columnCount else {
            throw PostgresError.decoding(column: "\(column)", reason: "is not in the result")
        }
    }
}
