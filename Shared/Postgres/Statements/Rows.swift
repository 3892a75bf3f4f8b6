import CPostgres
import Glibc
import SharedModels

/// The answer to one statement: its rows, and how many rows it changed.
///
/// `@unchecked Sendable` because a finished `PGresult` is only read, which libpq allows from any thread (PostgreSQL
/// manual, section 34.20), and it is freed once, with the last reference.
package final class Rows: @unchecked Sendable {
    private let result: OpaquePointer
    package let count: Int

    /// Takes ownership of `result`.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(PQntuples(result))
    }

    deinit {
        PQclear(result)
    }

    /// How many rows the statement inserted, updated, deleted or returned.
    package var affectedRows: Int {
        Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    /// PostgreSQL's own summary: `INSERT 0 1`, `COMMIT`, `ROLLBACK`.
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    /// The memory that all rows use, in bytes.
    var memorySize: Int { Int(PQresultMemorySize(result)) }

    /// How many of the rows belong to a page of at most `limit` rows.
    func countOfPage(_ limit: Int) -> Int {
        guard memorySize > PageSize.most else { return Swift.min(limit, count) }
        var size = PageSize()
        return (0..<count).prefix(limit).prefix { size.takes(bytes(row: $0)) }.count
    }

    private func bytes(row: Int) -> Int {
        (0..<columnCount).reduce(0) { $0 + Int(PQgetlength(result, Int32(row), Int32($1))) }
    }

    var columnCount: Int { Int(PQnfields(result)) }

    func columnName(_ column: Int) -> String {
        PQfname(result, Int32(column)).map { String(cString: $0) } ?? "\(column)"
    }

    func index(ofColumn name: String) -> Int? {
        name.withCString { wanted in
            (0..<columnCount).first { PQfname(result, Int32($0)).map { strcmp($0, wanted) == 0 } ?? false }
        }
    }

    @inline(__always)
    func type(column: Int) -> PostgresType {
        PostgresType(rawValue: PQftype(result, Int32(column)))
    }

    /// The bytes of one cell, or `nil` for `NULL`. They are valid as long as these rows.
    @inline(__always)
    func bytes(row: Int, column: Int) -> UnsafeRawBufferPointer? {
        let (row, column) = (Int32(row), Int32(column))
        let length = PQgetlength(result, row, column)
        // The length alone does not tell: both `NULL` and an empty text have length 0.
        if length == 0, PQgetisnull(result, row, column) == 1 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(length))
    }
}

extension Rows: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(index: Int) -> Row {
        precondition(index >= 0 && index < count, "there is no row \(index)")
        return Row(rows: self, index: index)
    }
}
