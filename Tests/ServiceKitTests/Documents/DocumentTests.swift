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
            let document = try JSONValue.parse(answer.bytes)
            #expect(document["openapi"] == "3.1.0")
            #expect(document["servers"]?.array?.first?["url"] == .string(TestService.publicURL))
            for operation in Catalogue.published {
                let described = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
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
    func `The skill is the guide behind front matter, and as short`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/skill.md")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/markdown; charset=utf-8")
            #expect(answer.bytes.count <= AgentGuide.maximumBytes, "\(answer.bytes.count) bytes")
            let parts = answer.text.split(separator: "---\n", maxSplits: 1)
            let matter = try #require(parts.first).split(separator: "\n")
            #expect(matter.map { $0.prefix { $0 != ":" } } == ["name", "description"])
            #expect(matter[0] == "name: guildhall")
            #expect((20...1024).contains(matter[1].count))
            #expect(answer.text.hasSuffix(AgentGuide.text(server: TestService.publicURL)))
        }
    }

    @Test
    func `The guide names every state, and the ranges of the declarations`() {
        let text = AgentGuide.text(server: TestService.publicURL)
        let states =
            GigStatus.allCases.map(\.rawValue) + ApplicationStatus.allCases.map(\.rawValue)
            + NegotiationState.allCases.map(\.rawValue) + ContractStatus.allCases.map(\.rawValue)
            + MilestoneStatus.allCases.map(\.rawValue) + DisputeStatus.allCases.map(\.rawValue)
            + ReviewStatus.allCases.map(\.rawValue)
        for state in states { #expect(text.contains(state), "\(state)") }
        for range in [
            "title: text 1..200", "hours_per_week?: integer 0..168", "payout_delay_days?: integer 3..10",
            "rating: integer 1..5",
        ] {
            #expect(text.contains(range), "\(range)")
        }
    }

    @Test
    func `The guide has every list that an agent without an address asks`() {
        let text = AgentGuide.text(server: TestService.publicURL)
        for path in [
            "/api/applications/mine", "/api/negotiations", "/api/contracts", "/api/disputes", "/api/gigs",
            "/api/events",
        ] {
            #expect(
                text.contains("GET \(path)`") || text.contains("GET \(path)?") || text.contains("GET \(path) "),
                "\(path)")
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
        let paths = text.split { " `)?".contains($0) || $0.isNewline }.filter { $0.hasPrefix("/api/") }
        for path in paths { #expect(Catalogue.published.contains { $0.path == path }, "\(path)") }
    }

    @Test
    func `The guide of a stack with a sandbox says where its GitHub and its Stripe are, and is as short`() {
        let text = AgentGuide.skill(server: TestService.publicURL, sandbox: "http://sandbox.test:8089")
        #expect(text.contains("http://sandbox.test:8089/stripe/v1/payment_intents/"))
        #expect(text.contains("&login="))
        #expect(text.utf8.count <= AgentGuide.maximumBytes)
        let real = AgentGuide.text(server: TestService.publicURL)
        #expect(real.contains("https://api.stripe.com/v1/payment_intents/"))
        #expect(!real.contains("&login="))
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
            for path in ["/openapi.json", "/docs", "/llms.txt", "/skill.md"] {
                let first = try await service.ask("GET", path)
                #expect(try await service.ask("GET", path).bytes == first.bytes)
            }
        }
    }
}
