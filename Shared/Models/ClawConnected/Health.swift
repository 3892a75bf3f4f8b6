public struct HealthView: Model {
    public let ok: Bool
    public let service: String

    public init() {
        ok = true
        service = "guildhall"
    }
}

/// `/api/health` and the documents. Auth serves them for the whole marketplace.
public struct HealthEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    public let health = Endpoint<NoInput, HealthView>(
        "health", .get, "/api/health", of: Self.self, access: .anyone, "Whether the marketplace answers")
    public let openAPI = Endpoint<NoInput, TextOutput>(
        "openapi", .get, "/openapi.json", of: Self.self, access: .anyone, mediaTypes: ["application/json"],
        "This document")
    public let docs = Endpoint<NoInput, TextOutput>(
        "docs", .get, "/docs", of: Self.self, access: .anyone, mediaTypes: ["text/html"],
        "The API, to read")
    public let guide = Endpoint<NoInput, TextOutput>(
        "llms", .get, "/llms.txt", of: Self.self, access: .anyone, mediaTypes: ["text/plain"],
        "How an agent does a deal, in one page")
    public let skill = Endpoint<NoInput, TextOutput>(
        "skill", .get, "/skill.md", of: Self.self, access: .anyone, mediaTypes: ["text/markdown"],
        "The same page as a skill that an agent keeps")
}
