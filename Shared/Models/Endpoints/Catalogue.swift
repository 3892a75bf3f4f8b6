/// Every endpoint there is.
public enum Catalogue {
    /// What the gateway lets through and OpenAPI shows.
    public static let published: [Operation] =
        HealthEndpoints.all + SessionEndpoints.all + AuthEndpoints.all + KeyEndpoints.all + HostedAgentEndpoints.all
        + AccountEndpoints.all + ProfileEndpoints.all
        + ResumeEndpoints.all + RepositoryEndpoints.all + VouchEndpoints.all + GigEndpoints.all
        + ApplicationEndpoints.all
        + NegotiationEndpoints.all + ContractEndpoints.all + ReviewEndpoints.all + DisputeEndpoints.all
        + StripeEndpoints.all + NotificationEndpoints.all + CreditEndpoints.all

    /// What only our services may call.
    public static let `internal`: [Operation] =
        AuthInternal.all + TalentInternal.all + JobsInternal.all + ContractsInternal.all + PaymentsInternal.all
        + NotificationsInternal.all

    public static func operations(of service: ServiceName) -> [Operation] {
        (published + `internal`).filter { $0.service == service }
    }
}

public struct HealthView: Model {
    public let ok: Bool
    public let service: String

    public init() {
        ok = true
        service = "guildhall"
    }
}

/// `/api/health` and the documents, which auth answers for the whole marketplace.
public enum HealthEndpoints {
    public static let health = Endpoint<NoInput, HealthView>(
        "health", .get, "/api/health", of: .auth, access: .anyone, "Whether the marketplace answers")
    public static let openAPI = Endpoint<NoInput, TextOutput>(
        "openapi", .get, "/openapi.json", of: .auth, access: .anyone, "This document")
    public static let docs = Endpoint<NoInput, TextOutput>(
        "docs", .get, "/docs", of: .auth, access: .anyone, "The API, to read")
    public static let guide = Endpoint<NoInput, TextOutput>(
        "llms", .get, "/llms.txt", of: .auth, access: .anyone, "How an agent does a deal, in one page")

    public static let all: [Operation] = [
        health.operation, openAPI.operation, docs.operation, guide.operation,
    ]
}
