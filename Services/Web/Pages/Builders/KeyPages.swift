import GuildhallClient
import SharedModels

/// `/keys` and `/agents`: what programs sign in with.
struct KeyPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/keys", list)
        site.get("/keys/new", new)
        site.post("/keys/new", create)
        site.get("/keys/{id}", requests)
        site.post("/keys/{id}/replace", replace)
        site.post("/keys/{id}/revoke", revoke)
        site.get("/agents", agents)
        site.post("/agents", addAgent)
        site.get("/agents/{id}") { visit in try await editAgent(visit, nil) }
        site.post("/agents/{id}", changeAgent)
        site.post("/agents/{id}/delete", deleteAgent)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        async let agents = visit.api.call(Endpoints.hostedAgents.list, query: ["limit": "100"])
        let list = try await visit.api.call(
            Endpoints.keys.list, query: visit.queries("cursor").merging(["limit": "20"]) { $1 })
        let names = Dictionary(try await agents.agents.map { ($0.id, $0.name) }) { first, _ in first }
        var values: Values = ["isEmpty": list.keys.isEmpty, "keys": list.keys.map { card(of: $0, names, visit) }]
        values["more"] = visit.more(list.nextCursor)
        return .page("keys", "API keys", values, place: "build")
    }

    private func card(of key: APIKeyView, _ agents: [HostedAgentID: String], _ visit: Visit) -> Values {
        let display = visit.display
        let isOver = key.revokedAt != nil || key.expiresAt.map { $0 <= display.now } == true
        var values: Values = [
            "keyName": key.name ?? "Without a name", "begins": key.displayPrefix, "made": display.time(key.createdAt),
            "state": isOver
                ? Status.values(key.revokedAt != nil ? "Revoked" : "Expired", .calm) : Status.values("Works", .good),
            "scopes": (key.scopes ?? []).map(\.rawValue), "hasScopes": key.scopes != nil,
            "agent": key.hostedAgentID.flatMap { agents[$0] } ?? "", "requests": "/keys/\(key.id)",
        ]
        values["used"] = key.lastUsedAt.map(display.time)
        values["expires"] = isOver ? nil : key.expiresAt.map(display.time)
        if !isOver {
            values["replace"] = visit.button("Replace", "/keys/\(key.id)/replace", style: "quiet")
            values["revoke"] = visit.button("Revoke", "/keys/\(key.id)/revoke", style: "danger")
        }
        return values
    }

    /// What the key asked for lately.
    @Sendable private func requests(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.keys.requests, path: visit.parts, query: visit.queries("cursor").merging(["limit": "50"]) { $1 })
        var values: Values = [
            "isEmpty": list.requests.isEmpty,
            "requests": list.requests.map {
                [
                    "method": $0.method, "path": $0.path, "at": visit.display.time($0.at), "requestID": $0.requestID,
                    "took": visit.display.milliseconds($0.durationUs),
                    "answer": Status.values(
                        "\($0.status)", $0.status < 400 ? .good : $0.status < 500 ? .waiting : .bad),
                ] as Values
            },
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("key", "Requests of a key", values, place: "build")
    }

    @Sendable private func new(_ visit: Visit) async throws -> WebAnswer {
        try await page(visit, Self.form(try await agentOptions(visit)))
    }

    private func page(_ visit: Visit, _ form: Form) async throws -> WebAnswer {
        visit.formPage(
            "Make a key", form, lead: "It is shown once. Without scopes it may do all that you may, for 90 days.",
            back: ("/keys", "API keys"), place: "build")
    }

    private func agentOptions(_ visit: Visit) async throws -> [(value: String, label: String)] {
        let agents = try await visit.api.call(Endpoints.hostedAgents.list, query: ["limit": "100"]).agents
        return [("", "no agent")] + agents.map { ("\($0.id)", $0.name) }
    }

    private static func form(_ agents: [(value: String, label: String)]) -> Form {
        Form(
            "/keys/new", submit: "Make the key",
            [
                Field(.text, "name", "Name").with {
                    $0.isRequired = true
                    $0.hint = "So that you know it again."
                },
                Field(.choice, "agent", "For the agent").with {
                    $0.member = "hosted_agent_id"
                    $0.isRequired = true
                    $0.options = agents
                },
                Field(.many, "scopes", "Scopes").with {
                    $0.hint = "None: everything. A key with scopes belongs to no agent."
                    $0.options = Scope.allCases.map { ($0.rawValue, $0.rawValue) }
                },
            ])
    }

    @Sendable private func create(_ visit: Visit) async throws -> WebAnswer {
        let agents = try await agentOptions(visit)
        return try await visit.submit(Self.form(agents), again: { try await page(visit, $0) }) {
            let name = JSONMember("name", .string(visit.fields.text("name") ?? ""))
            let scopes = visit.fields.all("scopes")
            let agent = visit.fields.text("agent").map { [JSONMember("hosted_agent_id", .string($0))] } ?? []
            return shown(try await make([name] + (scopes.isEmpty ? agent : []), scopes, visit))
        }
    }

    /// - Parameter scopes: None for a key that may do all.
    /// - Returns: Its text.
    private func make(_ members: [JSONMember], _ scopes: [String], _ visit: Visit) async throws -> String {
        guard !scopes.isEmpty else {
            return try await visit.api.call(Endpoints.keys.create, .object(members), idempotencyKey: visit.once).key
        }
        let scopes = JSONMember("scopes", .array(scopes.map { .string($0) }))
        return try await visit.api.call(
            Endpoints.scopedKeys.create, .object(members + [scopes]), idempotencyKey: visit.once
        ).key
    }

    /// The old key works on for ``overlap``, or until it is revoked, so that a program can change over in peace.
    @Sendable private func replace(_ visit: Visit) async throws -> WebAnswer {
        let made = try await visit.api.call(
            Endpoints.keys.rotateNamed, ["overlap_seconds": .integer(Self.overlap)], path: visit.parts,
            idempotencyKey: visit.once)
        let old = "/keys/\(visit.part("id").percentEncoded)"
        return shown(made.key, insteadOf: visit.button("Revoke the old key", "\(old)/revoke", style: "danger"))
    }

    /// A day, in seconds: the longest that the API takes.
    private static let overlap: Int64 = 86_400

    /// - Parameter old: The button that revokes the key that it replaces.
    private func shown(_ key: String, insteadOf old: Values? = nil) -> WebAnswer {
        var values: Values = [
            "secret": key, "backTo": "/keys", "backLabel": "API keys",
            "how": "Send it as the header “Authorization: Bearer …”.",
        ]
        values["old"] = old
        return .page("secret", "Your key", values, place: "build")
    }

    @Sendable private func revoke(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.keys.revoke, path: visit.parts, idempotencyKey: visit.once)
        return .see("/keys", .done("The key is revoked, everywhere and at once."))
    }

    @Sendable private func agents(_ visit: Visit) async throws -> WebAnswer { try await agentList(visit, nil) }

    private func agentList(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.hostedAgents.list, query: visit.queries("cursor").merging(["limit": "20"]) { $1 })
        var values: Values = [
            "isEmpty": list.agents.isEmpty,
            "form": (refused ?? Self.agentForm("/agents", "Add an agent", nil)).values(visit),
            "agents": list.agents.map {
                [
                    "agentName": $0.name, "address": "/agents/\($0.id)", "used": $0.llmUsed,
                    "limit": $0.llmMonthlyLimit,
                    "made": visit.display.time($0.createdAt),
                ] as Values
            },
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("agents", "Agents", values, status: refused == nil ? 200 : 422, place: "build")
    }

    private static func agentForm(_ action: String, _ submit: String, _ agent: HostedAgentView?) -> Form {
        Form(
            action, submit: submit,
            [
                Field(.text, "name", "Name").with {
                    $0.isRequired = true
                    $0.value = agent?.name ?? ""
                },
                Field(.number, "limit", "Model calls a month").with {
                    $0.member = "llm_monthly_limit"
                    $0.value = agent.map { "\($0.llmMonthlyLimit)" } ?? ""
                    $0.hint = "0 to 10,000."
                },
            ])
    }

    private func agentBody(_ visit: Visit) throws -> JSONValue {
        var body = [JSONMember("name", .string(visit.fields.text("name") ?? ""))]
        if let limit = try visit.fields.integer("limit") {
            body.append(JSONMember("llm_monthly_limit", .integer(limit)))
        }
        return .object(body)
    }

    @Sendable private func addAgent(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(
            Self.agentForm("/agents", "Add an agent", nil), again: { try await agentList(visit, $0) }
        ) {
            _ = try await visit.api.call(
                Endpoints.hostedAgents.create, try agentBody(visit), idempotencyKey: visit.once)
            return .see("/agents", .done("The agent is added. Make it a key."))
        }
    }

    private func editAgent(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let list = try await visit.api.call(Endpoints.hostedAgents.list, query: ["limit": "100"])
        guard let agent = list.agents.first(where: { "\($0.id)" == visit.part("id") }) else { throw NothingThere() }
        let form = refused ?? Self.agentForm("/agents/\(agent.id)", "Save", agent)
        let values: Values = [
            "agentName": agent.name, "form": form.values(visit),
            "delete": visit.button(
                "Remove the agent and revoke its keys", "/agents/\(agent.id)/delete", style: "danger"),
        ]
        return .page("agent", agent.name, values, status: refused == nil ? 200 : 422, place: "build")
    }

    @Sendable private func changeAgent(_ visit: Visit) async throws -> WebAnswer {
        let form = Self.agentForm("/agents/\(visit.part("id").percentEncoded)", "Save", nil)
        return try await visit.submit(form, again: { try await editAgent(visit, $0) }) {
            _ = try await visit.api.call(
                Endpoints.hostedAgents.update, try agentBody(visit), path: visit.parts, idempotencyKey: visit.once)
            return .see("/agents", .done("The agent is changed."))
        }
    }

    @Sendable private func deleteAgent(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.hostedAgents.delete, path: visit.parts, idempotencyKey: visit.once)
        return .see("/agents", .done("The agent is removed, and its keys are revoked."))
    }
}
