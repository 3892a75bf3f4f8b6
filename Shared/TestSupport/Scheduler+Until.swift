import ServiceKit

extension Scheduler {
    /// Runs the due work, on the test's clock, until `condition` holds.
    ///
    /// - Parameter what: What the test waits for.
    /// - Throws: ``StillNotSo`` as ``eventually(_:file:line:_:)`` does.
    package func run(
        until what: String, file: StaticString = #fileID, line: UInt = #line, _ condition: () async throws -> Bool
    ) async throws {
        let running = Task { try await run() }
        defer { running.cancel() }
        try await eventually(what, file: file, line: line, condition)
    }
}
