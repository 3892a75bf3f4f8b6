/// Waits for a condition that must come true.
///
/// - Parameter what: What the test waits for.
/// - Throws: ``StillNotSo`` when it has not come true after three minutes. No test needs them on a machine that works; what
///   a slow one takes is no fault of what is tested.
package func eventually(
    _ what: String, file: StaticString = #fileID, line: UInt = #line, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(180)
    var tries = 0
    while try await !condition() {
        guard ContinuousClock.now < end else { throw StillNotSo(what: what, place: "\(file):\(line)") }
        tries += 1
        // What takes longer needs the processor more than those who wait for it.
        if tries < 50 { await Task.yield() } else { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// A test waited for something in vain.
package struct StillNotSo: Error, CustomStringConvertible {
    let what: String
    let place: String

    package var description: String { "still not so after three minutes: \(what) (\(place))" }
}
