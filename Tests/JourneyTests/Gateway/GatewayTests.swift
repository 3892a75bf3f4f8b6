import Foundation
import SharedModels
import Testing

extension Journeys {
    @Suite struct Gateway {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `The OpenAPI document has every published operation and no other`() async throws {
            let document = try await stack.anyone.succeed(Endpoints.health.openAPI.operation)
            #expect(document.header("content-type")?.hasPrefix("application/json") == true)
            #expect(document["openapi"]?.string?.hasPrefix("3.") == true)
            var described: Set<String> = []
            for path in document["paths"]?.object ?? [] {
                for method in path.value.object ?? [] where Method(rawValue: method.name.uppercased()) != nil {
                    described.insert("\(method.name.uppercased()) \(path.name)")
                }
            }
            #expect(described == Set(Catalogue.published.map { "\($0.method.rawValue) \($0.path)" }))
        }

        @Test
        func `Every published endpoint reaches its service through the gateway`() async throws {
            // What the gateway says of a path that it does not know, and a service of one that is not declared.
            let unknown = [
                try await stack.anyone.ask(.get, "/api/nothing-here").message,
                try await stack.anyone.ask(.get, "/api/gigs/1/nothing-here").message,
            ]
            for operation in Catalogue.published {
                // Without a credential and with half a body, so that nothing happens. Another service would not know
                // the path.
                let ids = Dictionary(uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString) })
                let isRead = operation.method == .get
                let answer = try await stack.anyone.ask(
                    operation.method, operation.path(with: ids), bytes: isRead ? nil : Array("{".utf8),
                    headers: isRead ? [] : [("Content-Type", "application/json")])
                #expect(![405, 502].contains(answer.status), "\(operation.id): \(answer)")
                // Only who needs no credential learns that there is no such thing.
                #expect(answer.status != 404 || !unknown.contains(answer.message), "\(operation.id): \(answer)")
            }
        }

        @Test
        func `Health says that the marketplace answers`() async throws {
            let health = try await stack.anyone.succeed(Endpoints.health.health.operation)
            #expect(health["ok"] == true)
        }

        @Test(arguments: [
            (Method.get, "/api/nothing-here", 404), (.get, "/api/nothing/here", 404),
            (.get, "/api/gigs/1/nothing-here", 404), (.get, "/api/gigs-and-more", 404), (.get, "/api/profile//me", 404),
            (.get, "/internal/escrows/1/ledger", 404),
            (.get, "/metrics", 404), (.get, "/health/ready", 404), (.delete, "/api/gigs", 405),
        ])
        func `What is not declared is refused in the shape of every refusal`(
            method: SharedModels.Method, path: String, status: Int
        ) async throws {
            let answer = try await stack.anyone.ask(method, path)
            #expect(answer.status == status, "\(answer)")
            #expect(answer["status"]?.integer == Int64(status))
            #expect(answer.code != nil)
            #expect(answer["request_id"]?.string?.isEmpty == false)
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("server")?.contains { $0.isNumber } != true)
        }

        /// nginx knows the address of such a request by its first line alone.
        @Test
        func `An address that cannot be read is refused in the envelope of its surface`() async throws {
            let answer = try await stack.anyone.ask(.get, "/v1/matches%00")
            #expect(answer.status == 400 && answer["success"] == false, "\(answer)")
            #expect(answer["meta"]?["request_id"]?.string?.hasPrefix("req_") == true, "\(answer)")
            #expect(answer.header("access-control-allow-origin") == nil, "\(answer)")
        }
    }
}
