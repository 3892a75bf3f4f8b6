/// Waits for a condition that must come true.
///
/// - Parameter what: What the test waits for.
/// - Throws: ``StillNotSo`` when it has not come true after 20 s.
package func eventually(
    _ what: String, file: StaticString = #fileID, line: UInt = #line, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        guard ContinuousClock.now < end else { throw StillNotSo(what: what, place: "\(file):\(line)") }
        await Task.yield()
    }
}

/// A test waited for something in vain.
package struct StillNotSo: Error, CustomStringConvertible {
    let what: String
    let place: String

    package var description: String { "still not so after 20 s: \(what) (\(place))" }
}
