import SharedModels
import Testing

extension Journeys {
    /// Keys with scopes, made on the SkillSync surface and good on every surface.
    @Suite struct ScopedKeys {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let create = Endpoints.scopedKeys.create.operation

        @Test
        func `Each answer tells how much the account has left, whatever key and service it comes from`() async throws {
            let account = try await stack.client()
            let keys = [try await account.key().caller, try await account.key().caller]
            let operations = [
                Endpoints.credits.balance.operation, Endpoints.gigs.list.operation, Endpoints.contracts.list.operation,
                Endpoints.notifications.listWebhooks.operation, Endpoints.profiles.me.operation,
            ]
            for number in 0..<15 {
                let answer = try await keys[number % 2].succeed(operations[number % operations.count])
                #expect(answer.header("x-ratelimit-limit") == "60")
                #expect(answer.header("x-ratelimit-remaining") == "\(59 - number)", "request \(number)")
            }
        }

        @Test
        func `A key does what its scopes say, on every surface, and makes no key that may do more`() async throws {
            let client = try await stack.client()
            let made = try await client.session.ask(
                Self.create, [:], ["name": "reader", "scopes": ["gigs:read", "keys:write"]])
            #expect(made.status == 201 && made["success"] == true, "\(made)")
            let text = try #require(made["data"]?["key"]?.string)
            #expect(text.hasPrefix("sk_live_") && made["data"]?["expires_at"] == .null)
            #expect(made["data"]?["id"]?.string?.wholeMatch(of: /key_[0-9a-f]{32}/) != nil)
            #expect(made["meta"]?["request_id"]?.string == made.header("x-request-id"))

            var key = client.session
            key.headers = [("Authorization", "Bearer \(text)")]
            try await key.succeed(Endpoints.gigs.list.operation)
            let write = try await key.ask(
                Endpoints.gigs.create.operation, [:], Endpoints.gigs.create.operation.inputExample)
            #expect(write.status == 403 && write.code == "FORBIDDEN", "\(write)")
            let wider = try await key.ask(Self.create, [:], ["name": "wider", "scopes": ["gigs:write"]])
            #expect(wider.status == 403, "\(wider)")
            #expect(wider["error"]?["code"] == "INSUFFICIENT_PERMISSIONS")
            let narrower = try await key.ask(Self.create, [:], ["name": "narrower", "scopes": ["gigs:read"]])
            #expect(narrower.status == 201, "\(narrower)")

            let listed = try await client.session.succeed(Endpoints.keys.list.operation)
            #expect(
                listed["keys"]?.array?.map { $0["scopes"] } == [["gigs:read"], ["keys:write", "gigs:read"]])
        }

        @Test(
            arguments: [
                (["scopes": ["gigs:read"]], "name"), (["name": "a", "scopes": []], "scopes"),
                (["name": "a", "scopes": ["gigs:fly"]], "scopes.0"),
                (["name": "a", "scopes": ["gigs:read"], "expires_at": "2020-01-01T00:00:00Z"], "expires_at"),
                (["name": "a", "scopes": ["gigs:read"], "plan": "custom"], "plan"),
            ] as [(JSONValue, String)])
        func `A bad member is a 422 that names it`(body: JSONValue, field: String) async throws {
            let client = try await stack.client()
            let answer = try await client.session.ask(Self.create, [:], body)
            #expect(answer.status == 422, "\(answer)")
            #expect(answer["error"]?["code"] == "VALIDATION_ERROR")
            #expect(answer["error"]?["details"]?["field"]?.string == field, "\(answer)")
        }
    }
}
