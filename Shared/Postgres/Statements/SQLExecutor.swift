import SharedModels

/// What statements run on: a ``Database`` (each alone) or a ``Transaction`` (all or nothing).
package protocol SQLExecutor: Sendable {
    /// Runs one statement and returns its whole answer.
    ///
    /// - Throws: ``PostgresError``, or `CancellationError`. After a cancellation, a statement that was already sent
    ///   still takes effect.
    func rows(_ sql: SQL) async throws -> Rows

    /// Runs `action` when everything that was written here so far is committed: at once on a ``Database`` that has no
    /// transaction open, and never when it is rolled back. For telling a loop in this process that there is something to
    /// read; `action` must be quick, and may be run without need.
    func afterCommit(_ action: @escaping @Sendable () -> Void)

    /// Runs a statement for its effect, at the latest with the commit. In a transaction it goes to the server with the next
    /// statement, or with the commit, and costs no way there and back of its own; when it fails, that one throws its error
    /// and the transaction is lost. So not for a statement whose refusal somebody catches.
    func executeLater(_ sql: SQL) async throws
}

extension SQLExecutor {
    package func executeLater(_ sql: SQL) async throws {
        try await execute(sql)
    }

    /// Every row, in the order of the answer.
    package func all<Value>(_ sql: SQL, _ map: (Row) throws -> Value) async throws -> [Value] {
        let rows = try await rows(sql)
        // `Collection.map` would look up its generic types for each row.
        var values: [Value] = []
        values.reserveCapacity(rows.count)
        for index in 0..<rows.count { values.append(try map(rows[index])) }
        return values
    }

    /// One page of a list.
    ///
    /// - Parameters:
    ///   - sql: Asks for one row more than `limit`.
    ///   - cursor: The place after an item.
    package func page<Item>(
        _ sql: SQL, limit: Int, _ map: (Row) throws -> Item, cursor: (Item) throws -> some CustomStringConvertible
    ) async throws -> Page<Item> {
        let rows = try await rows(sql)
        let count = rows.countOfPage(limit)
        var items: [Item] = []
        items.reserveCapacity(count)
        for index in 0..<count { items.append(try map(rows[index])) }
        return try Page(items, isLast: count == rows.count, cursor: cursor)
    }

    /// The only row, or `nil` when the answer is empty. A second row is a bug in the statement and throws.
    package func first<Value>(_ sql: SQL, _ map: (Row) throws -> Value) async throws -> Value? {
        let rows = try await rows(sql)
        guard rows.count <= 1 else {
            throw PostgresError.misuse("a statement for one row returned \(rows.count)")
        }
        return try rows.first.map(map)
    }

    /// The only row.
    ///
    /// - Throws: ``PostgresError/noRow`` when the answer is empty.
    package func one<Value>(_ sql: SQL, _ map: (Row) throws -> Value) async throws -> Value {
        let rows = try await rows(sql)
        guard rows.count <= 1 else {
            throw PostgresError.misuse("a statement for one row returned \(rows.count)")
        }
        guard let row = rows.first else { throw PostgresError.noRow }
        return try map(row)
    }

    /// Runs a statement for its effect.
    ///
    /// - Returns: How many rows it inserted, updated or deleted.
    @discardableResult
    package func execute(_ sql: SQL) async throws -> Int {
        try await rows(sql).affectedRows
    }
}
