import Testing

@testable import SharedModels

/// The promise under test: who makes a library reads in the document how to call, and what an answer's parts mean.
@Suite struct DocumentedCallTests {
    private static let made = OpenAPIDocument.make(server: "https://guildhall.example")
    private var document: JSONValue { Self.made }

    private func object(_ operation: SharedModels.Operation) -> JSONValue? {
        document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
    }

    private func parameter(_ name: String, of operation: SharedModels.Operation) -> JSONValue? {
        object(operation)?["parameters"]?.array?.first { $0["name"]?.string == name }
    }

    private func members() throws -> [(type: String, name: String, schema: JSONValue, isRequired: Bool)] {
        try #require(document["components"]?["schemas"]?.object).flatMap { component in
            let required = component.value["required"]?.array?.compactMap(\.string) ?? []
            return (component.value["properties"]?.object ?? [])
                .map { (component.name, $0.name, $0.value, required.contains($0.name)) }
        }
    }

    @Test func `an amount of money has 64 bits in every body, and a number with decimals has twice the usual`() throws {
        for member in try members() {
            let types = member.schema["type"]?.array?.compactMap(\.string) ?? [member.schema["type"]?.string ?? ""]
            let isMoney = ["_cents", "_minor", "Cents"].contains { member.name.hasSuffix($0) }
            let place = "\(member.type).\(member.name)"
            if isMoney { #expect(member.schema["format"] == "int64", "\(place)") }
            if types == ["number"] || types == ["number", "null"] {
                #expect(member.schema["format"] == "double", "\(place)")
            }
        }
    }

    @Test func `a description speaks of null where a member can be null, and of absence where it can be left out`()
        throws
    {
        var spoken = 0
        for member in try members() {
            let text = member.schema["description"]?.string ?? ""
            let type = member.schema["type"]
            let mayBeNull =
                (type == nil && member.schema["$ref"] == nil) || type?.array?.contains("null") == true
                || member.schema["oneOf"]?.array?.contains(["type": "null"]) == true
            let parts = text.split(separator: "; ")
            if parts.contains(where: { $0.lowercased().hasPrefix("null") }) {
                spoken += 1
                #expect(mayBeNull, "\(member.type).\(member.name): \(text)")
            }
            if parts.contains(where: { $0.hasSuffix("when absent") }) {
                spoken += 1
                #expect(!member.isRequired, "\(member.type).\(member.name): \(text)")
            }
        }
        #expect(spoken > 50)
    }

    @Test func `an amount in several currencies is not said to be in one`() throws {
        let members = try members()
        let types = members.filter { $0.name == "currency" && $0.schema.names("Currency") }.map(\.type)
        #expect(types.contains("WalletPayoutNews") && types.contains("GigCreatedEventData"))
        for member in members where types.contains(member.type) && member.name.hasSuffix("_cents") {
            let text = member.schema["description"]?.string ?? ""
            // What is paid as a whole has no rate.
            if member.type == "ContractNews" { continue }
            #expect(!text.contains("US cents"), "\(member.type).\(member.name): \(text)")
        }
    }

    @Test func `the scope that a limited key or token needs is named, and every scope is explained`() throws {
        let schemes = try #require(document["components"]?["securitySchemes"]?.object)
        // Another scheme of tokens would have libraries send them in two ways at once.
        #expect(schemes.map(\.name) == ["bearer", "apiKey", "session"])
        #expect(schemes.allSatisfy { $0.value["type"] != "oauth2" })
        for operation in Catalogue.published {
            guard case .account(let rule) = operation.access, rule.credentials.contains(.apiKey) else { continue }
            let scope = JSONValue.array(rule.scope.map { [.string($0.rawValue)] } ?? [])
            let asked = try #require(object(operation)?["security"]?.array, "\(operation.line)")
            #expect(asked.compactMap { $0["bearer"] } == [scope], "\(operation.line)")
            #expect(asked.compactMap { $0["apiKey"] } == [scope], "\(operation.line)")
        }
        let words = try #require(document["components"]?["schemas"]?["Scope"]?["description"]?.string)
        for scope in Scope.allCases { #expect(words.contains("\(scope.rawValue): \(scope.wish).")) }
    }

    @Test func `a client reads how it shows who it is`() {
        for endpoint in [Endpoints.oauth.revoke.operation, Endpoints.oauth.introspect.operation] {
            let form = object(endpoint)?["requestBody"]?["content"]?["application/x-www-form-urlencoded"]
            #expect(form?["schema"]?["required"] == ["token"])
            #expect(object(endpoint)?["description"]?.string?.contains("Authorization: Basic") == true)
        }
    }

    @Test func `what a handler never does without is required`() {
        let ask = Endpoints.oauth.authorize.operation
        for name in ["response_type", "client_id", "code_challenge", "code_challenge_method"] {
            #expect(parameter(name, of: ask)?["required"] == true, "\(name)")
        }
        for name in ["redirect_uri", "scope", "state"] { #expect(parameter(name, of: ask)?["required"] == nil) }
        #expect(parameter("cursor", of: Endpoints.gigs.list.operation)?["required"] == nil)
    }

    @Test func `an id in a query has the form that the surface's answers show`() throws {
        let before = try #require(parameter("before", of: Endpoints.messages.conversation.operation)?["schema"])
        let pattern = try Regex(try #require(before["pattern"]?.string))
        let id = MessageID.make(at: Timestamp(seconds: 1))
        #expect(id.prefixed.contains(pattern) && "\(id)".contains(pattern) && before["format"] == nil)
        #expect(parameter("gig_id", of: Endpoints.applications.mine.operation)?["schema"]?["format"] == "uuid")
        for operation in Catalogue.published where operation.surface == .skillhouse {
            for object in operation.inputSchema?.namedObjects ?? [] {
                for property in object.properties {
                    #expect(!property.schema.isUUID, "\(operation.line) \(property.name)")
                }
            }
        }
    }

    @Test func `a switch is true or false`() {
        let audit = parameter("audit", of: Endpoints.negotiations.get.operation)?["schema"]
        #expect(audit == ["type": "boolean", "default": false])
    }

    @Test func `a text says what it is`() {
        let texts = [
            (Endpoints.health.openAPI.operation, "application/json"), (Endpoints.health.docs.operation, "text/html"),
            (Endpoints.health.guide.operation, "text/plain"), (Endpoints.health.skill.operation, "text/markdown"),
            (Endpoints.oauth.authorize.operation, "text/html"), (Endpoints.session.signInPage.operation, "text/html"),
        ]
        for (operation, type) in texts {
            let responses = object(operation)?["responses"]
            #expect(responses?["200"]?["content"]?.object?.map(\.name) == [type], "\(operation.line)")
            #expect(responses?["302"]?["content"] == nil)
        }
    }

    @Test func `a version is told by the answers that have one, and asked for with it`() {
        let contract = Endpoints.contracts.get.operation
        #expect(object(contract)?["responses"]?["200"]?["headers"]?["ETag"] != nil)
        #expect(object(contract)?["responses"]?["304"]?["content"] == nil)
        #expect(object(contract)?["responses"]?["304"]?["headers"]?["ETag"] != nil)
        #expect(parameter("If-None-Match", of: contract) != nil && parameter("If-Match", of: contract) == nil)
        let fund = Endpoints.contracts.fund.operation
        #expect(object(fund)?["responses"]?["200"]?["headers"]?["ETag"] == nil)
        #expect(parameter("If-Match", of: fund) != nil && parameter("If-None-Match", of: fund) == nil)
        let media = Endpoints.media.get.operation
        #expect(parameter("Range", of: media) != nil)
        #expect(object(media)?["responses"]?["206"]?["headers"]?["Content-Range"] != nil)
        #expect(parameter("Last-Event-ID", of: Endpoints.feed.stream.operation) != nil)
        // Every change that can be conditional is of something whose version some answer tells.
        let told = Set(Catalogue.published.filter { $0.tellsVersion }.compactMap { ResourceTag.of($0) })
        for operation in Catalogue.published where operation.errors.contains(.preconditionFailed) {
            #expect(ResourceTag.of(operation).map { told.contains($0) } == true, "\(operation.line)")
        }
    }

    @Test func `the second path of an endpoint is deprecated, and names the first`() {
        let second = Catalogue.published.filter { $0.id.hasSuffix(".alias") }
        #expect(second.count == 4)
        for operation in Catalogue.published {
            #expect((object(operation)?["deprecated"] == true) == second.contains { $0.id == operation.id })
        }
        let job = object(Endpoints.jobs.boardAlias.operation)?["description"]?.string
        #expect(job?.hasPrefix("The same as `GET /api/client/job/get-jobs`") == true)
    }

    @Test func `an example of a call has an id of the right kind`() {
        let sample = object(Endpoints.oauthGrants.delete.operation)?["x-codeSamples"]?.array?.first?["source"]?.string
        #expect(sample?.contains("/v1/oauth/grants/grant_0") == true)
        let webhook = object(Endpoints.skillSyncWebhooks.test.operation)?["x-codeSamples"]?.array?.first?["source"]
        #expect(webhook?.string?.contains("/v1/webhooks/wh_0") == true)
    }
}

extension JSONValue {
    /// Whether it refers to the component, alone or beside `null`.
    fileprivate func names(_ component: String) -> Bool {
        let reference = JSONValue.string("#/components/schemas/\(component)")
        return self["$ref"] == reference || self["oneOf"]?.array?.contains { $0["$ref"] == reference } == true
    }
}

extension Schema {
    fileprivate var isUUID: Bool {
        switch self {
        case .string(let rules): rules.format == .uuid
        case .nullable(let wrapped), .array(let wrapped, _): wrapped.isUUID
        default: false
        }
    }
}
