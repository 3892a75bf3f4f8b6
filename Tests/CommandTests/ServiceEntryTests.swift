import Foundation
import SharedModels
import Testing

@testable import Command

/// The promise under test: a service is its entry in `ServiceName`, its line in Package.swift and its folder
/// (`docs/adding-a-service.md`). What follows from them is printed, and is in the files as it was printed.
@Suite struct ServiceEntryTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    @Test(arguments: ServiceRegion.files)
    func `the committed files have what the list of services prints`(path: String) throws {
        let committed = try Self.text(path)
        #expect(try ServiceRegion.printed(into: committed) == committed, "run `make services`")
    }

    @Test func `every region is in a file`() throws {
        let texts = try ServiceRegion.files.map(Self.text)
        for region in ServiceRegion.allCases {
            let mark = try Regex("(?m)guildhallctl services: \(region.rawValue)(?: -->)?$")
            #expect(texts.map { $0.matches(of: mark).count }.reduce(0, +) == 1, "\(region)")
        }
    }

    @Test func `a region is printed as far as its mark is indented, and all around it stays`() throws {
        let text = """
            x:
              # printed by guildhallctl services: gateway
              INVOICES_UPSTREAM: of yesterday
              # end of what is printed
              own: line
            """
        let printed = try ServiceRegion.printed(into: text)
        #expect(printed.hasPrefix("x:\n  # printed by guildhallctl services: gateway\n  AUTH_UPSTREAM: auth:8080\n"))
        #expect(printed.hasSuffix("\n  WEB_UPSTREAM: web:8080\n  # end of what is printed\n  own: line"))
        #expect(!printed.contains("INVOICES") && !printed.contains("SANDBOX"))
    }

    @Test func `a service with a block of its own gets no other`() throws {
        let region = "  # printed by guildhallctl services: services\n  # end of what is printed\n"
        let blocks = ServiceName.allCases.filter { $0 != .jobs }.map { "  \($0):\n    <<: *\($0)\n" }.joined()
        #expect(
            try ServiceRegion.printed(into: blocks + region)
                == blocks + region.replacing("services\n", with: "services\n  jobs: *jobs\n"))
    }

    @Test(arguments: [
        ("# printed by guildhallctl services: cellars\n# end of what is printed", "there is no region cellars"),
        ("# printed by guildhallctl services: gateway\nrest", "a region does not end"),
        ("# end of what is printed", "a region ends that has not begun"),
        (
            "# printed by guildhallctl services: gateway\n# printed by guildhallctl services: table",
            "table begins inside another region"
        ),
    ])
    func `marks that do not fit stop the command before it writes`(text: String, reason: String) {
        let refusal = #expect(throws: ServiceRegion.Unprintable.self) { try ServiceRegion.printed(into: text) }
        #expect(refusal?.description == reason)
    }

    @Test(arguments: ServiceName.allCases)
    func `what is written by hand knows the service`(service: ServiceName) throws {
        let name = service.rawValue
        let title = name.prefix(1).uppercased() + name.dropFirst()
        let keeps = ServiceName.withDatabase.contains(service)
        #expect(try Self.text("Package.swift").contains("(\"\(title)\", "))
        let entry = try Self.text("Services/\(title)/EntryPoint.swift")
        #expect(entry.contains(keeps ? "Microservice.run(" : "Microservice.runStateless("))
        #expect(entry.contains(".\(name),"))
        let folder = Self.root.appending(path: "Services/\(title)/\(keeps ? "Migrations" : "Resources")")
        #expect(FileManager.default.fileExists(atPath: folder.path))
        let compose = try Self.text("docker-compose.yml")
        #expect(
            compose.contains("\n  \(name): *\(name)\n") || compose.contains("\n  \(name):\n    <<: *\(name)\n"),
            "its block in docker-compose.yml begins with `<<: *\(name)`")
        if service != .sandbox {
            #expect(
                try Self.text("docs/architecture.md").contains("| \(name) | "),
                "docs/architecture.md says what it decides")
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
