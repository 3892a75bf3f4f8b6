extension Database {
    /// Deletes any number of rows, a batch at a time, each in its own transaction: no statement is long, and the
    /// connections that requests share stay free.
    ///
    /// - Parameter statement: Deletes as many rows as it is told, or fewer if there are no more.
    package func deleteInBatches(of size: Int = 1000, _ statement: (Int) -> SQL) async throws {
        while try await transaction({ tx in try await tx.execute(statement(size)) }) >= size {}
    }
}
