import SharedModels
import Testing

/// The promise under test: the API describes itself, to programs and to people, without a credential.
@Suite struct DocumentTests {
    @Test("The OpenAPI document is JSON, has every published endpoint, and names where to ask")
    func openAPI() async throws {
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

    @Test("The page shows every published endpoint, and none for services alone")
    func page() async throws {
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

    @Test("The page needs nothing from elsewhere, and runs nothing")
    func selfContained() async throws {
        try await TestService.use { service in
            let text = try await service.ask("GET", "/docs").text
            for word in ["<script", "src=", "@import", "url(", "<iframe", "<link"] {
                #expect(!text.contains(word))
            }
            let links = text.split(separator: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
            #expect(links == ["/openapi.json"])
        }
    }

    @Test("The documents are the same each time, so that they can be compared and kept")
    func stable() async throws {
        try await TestService.use { service in
            for path in ["/openapi.json", "/docs"] {
                let first = try await service.ask("GET", path)
                #expect(try await service.ask("GET", path).bytes == first.bytes)
            }
        }
    }
}
