import Testing

/// The promise under test: no kind of scheduled work is without a test that keeps its rows readable
/// (`docs/adding-an-event.md`).
@Suite struct ScheduledKindTests {
    @Test func `each service's test of scheduled work names every kind that the service has`() throws {
        var (count, missing) = (0, [String]())
        for path in try Repository.files(in: "Services", ending: ".swift") {
            let kinds = try Repository.text(path).matches(of: /static let kind = "([^"]+)"/).map { String($0.1) }
            guard !kinds.isEmpty else { continue }
            count += kinds.count
            let service = path.split(separator: "/")[1]
            let test = "Tests/\(service)Tests/ScheduledWorkTests.swift"
            let text = Repository.exists(test) ? try Repository.text(test) : ""
            missing += kinds.filter { !text.contains("\"\($0)\"") }.map { "\(test): \($0)" }
        }
        #expect(missing == [])
        // Else the declarations are written otherwise than this test looks for.
        #expect(count >= 30)
    }
}
