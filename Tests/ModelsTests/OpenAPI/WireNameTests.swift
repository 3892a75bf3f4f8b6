import Foundation
import Testing

@testable import SharedModels

/// The promise under test: the names that callers read and write do not change. They follow from the Swift names, so
/// renaming a member there changes the API; this list detects it.
@Suite struct WireNameTests {
    private static let list = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../openapi/wire-names.txt")

    /// A line for each type in each style that it is written in: its name, and its members.
    private static var lines: Set<String> {
        let schemas =
            Catalogue.all.flatMap { [$0.inputSchema, $0.outputSchema].compactMap(\.self) }
            + EventName.allCases.map { $0.event.schema }
        return Set(
            schemas.flatMap(\.namedObjects).map { object in
                "\(object.name ?? ""): \(object.properties.map(\.name).sorted().joined(separator: " "))"
            })
    }

    @Test func `every member is called what it was called`() throws {
        let written = try String(contentsOf: Self.list, encoding: .utf8).split(separator: "\n").map(String.init)
        let missing = Self.lines.subtracting(written).sorted()
        let gone = Set(written).subtracting(Self.lines).sorted()
        #expect(missing.isEmpty, "if these are meant, add them to wire-names.txt: \(missing.joined(separator: "\n"))")
        #expect(gone.isEmpty, "if these are to go, remove them from wire-names.txt: \(gone.joined(separator: "\n"))")
        #expect(written == written.sorted())
    }
}
