import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: the API describes itself, to programs and to people, without a credential.
@Suite struct DocumentTests {
    @Test
    func `The OpenAPI document is JSON, has every published endpoint, and names where to ask`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "application/json")
            #expect(answer.header("cache-control") == "public, max-age=300")
            #expect(answer["openapi"] == "3.1.0")
            #expect(answer["servers"]?.array?.first?["url"] == .string(TestService.publicURL))
            for operation in Catalogue.published {
                let described = answer["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
                #expect(described?["operationId"] == .string(operation.id))
            }
        }
    }

    @Test
    func `The page shows every published endpoint, and none for services alone`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/docs")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/html; charset=utf-8")
            for operation in Catalogue.published {
                #expect(answer.text.contains("<code>\(operation.method.rawValue) \(operation.path)</code>"))
            }
            #expect(!answer.text.contains("/internal"))
        }
    }

    @Test
    func `The page needs nothing from elsewhere, and runs nothing`() async throws {
        try await TestService.use { service in
            let text = try await service.ask("GET", "/docs").text
            for word in ["<script", "src=", "@import", "url(", "<iframe", "<link"] {
                #expect(!text.contains(word))
            }
            let links = text.split(separator: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(links == ["/openapi.json", "/llms.txt"])
        }
    }

    @Test
    func `The guide for agents is text of less than 4,000 tokens, and needs no credential`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/llms.txt")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
            #expect(answer.text.contains(TestService.publicURL))
            #expect(answer.bytes.count <= AgentGuide.maximumBytes, "\(answer.bytes.count) bytes")
        }
    }

    @Test
    func `What the guide says to call is declared so, and answers with the members it names`() throws {
        let text = AgentGuide.text(server: TestService.publicURL)
        let lines = text.split(separator: "`").filter { $0.contains(" -> ") }
        #expect(lines.count > 20)
        for line in lines {
            let words = line.split(separator: " ")
            let operation = try #require(
                Catalogue.published.first { $0.method.rawValue == words[0] && $0.path == words[1] }, "\(line)")
            let answer = try #require(line.split(separator: " -> ").last)
            #expect(answer.hasPrefix("\(operation.success) {"), "\(line)")
            let members = answer.dropFirst(5).dropLast().split(separator: ", ").map(String.init)
            guard case .object(let object) = operation.outputSchema else {
                Issue.record("\(line) answers with no object")
                continue
            }
            #expect(Set(object.properties.map(\.name)).isSuperset(of: members), "\(line)")
        }
        let paths = text.split { " `)".contains($0) || $0.isNewline }.filter { $0.hasPrefix("/api/") }
        #expect(paths.allSatisfy { path in Catalogue.published.contains { $0.path == path } })
    }

    @Test
    func `The guide goes through the whole deal`() {
        let text = AgentGuide.text(server: TestService.publicURL)
        let deal =
            Endpoints.gigs.operations.filter { ["gigs.create", "gigs.list", "gigs.apply"].contains($0.id) }
            + Endpoints.contracts.operations.filter { $0.id != "contracts.list" }
        for operation in deal {
            #expect(text.contains("\(operation.method.rawValue) \(operation.path) "), "\(operation.id)")
        }
    }

    @Test
    func `The documents are the same each time, so that they can be compared and kept`() async throws {
        try await TestService.use { service in
            for path in ["/openapi.json", "/docs", "/llms.txt"] {
                let first = try await service.ask("GET", path)
                #expect(try await service.ask("GET", path).bytes == first.bytes)
            }
        }
    }
}
