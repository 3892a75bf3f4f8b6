public struct HostedAgentInput: Model {
    public let name: String
    /// Recommendations on disputes in a calendar month (UTC); 100 when absent.
    public var llmMonthlyLimit: Int?

    public static let rules = HostedAgentRules.members
}

public struct HostedAgentUpdate: PartialUpdate {
    public var name: String?
    public var llmMonthlyLimit: Int?

    public static let rules = HostedAgentRules.members
}

/// The limits of an agent's members, new or changed.
enum HostedAgentRules {
    static let members: [String: MemberRule] = [
        "name": .name, "llmMonthlyLimit": .range(0...10_000),
    ]
}

public struct HostedAgentView: Model {
    public let id: HostedAgentID
    public let name: String
    public let llmMonthlyLimit: Int
    /// In the current calendar month.
    public let llmUsed: Int
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: HostedAgentID, name: String, llmMonthlyLimit: Int, llmUsed: Int, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.llmMonthlyLimit = llmMonthlyLimit
        self.llmUsed = llmUsed
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct HostedAgentList: Model {
    public let agents: [HostedAgentView]
    public let nextCursor: String?

    public init(agents: [HostedAgentView], nextCursor: String?) {
        self.agents = agents
        self.nextCursor = nextCursor
    }
}

/// `/api/agents`: what a key can name as its `hosted_agent_id`.
public struct HostedAgentEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    public let create = Endpoint<HostedAgentInput, HostedAgentView>(
        "agents.create", .post, "/api/agents", of: Self.self, access: .sessionOnly, success: 201,
        errors: [.conflict],
        "Add a hosted agent")
    public let list = Endpoint<NoInput, HostedAgentList>(
        "agents.list", .get, "/api/agents", of: Self.self, access: .sessionOnly,
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your hosted agents, newest first")
    public let update = Endpoint<HostedAgentUpdate, HostedAgentView>(
        "agents.update", .patch, "/api/agents/{id}", of: Self.self, access: .sessionOnly,
        errors: [.notFound, .preconditionFailed], "Rename a hosted agent, or change its limit")
    public let delete = Endpoint<NoInput, NoOutput>(
        "agents.delete", .delete, "/api/agents/{id}", of: Self.self, access: .sessionOnly, success: 204,
        errors: [.notFound, .preconditionFailed], "Remove a hosted agent and revoke its keys")
}
