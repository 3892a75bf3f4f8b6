import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Bodies that are not JSON objects, sent to every endpoint that takes one. ``Fuzz`` tests all other faults.
    @Suite struct BodyShapes {
        private let stack: Stack
        private static let taking = Catalogue.published.filter { operation in
            guard case .account(let rule) = operation.access else { return false }
            // Admins' endpoints refuse everybody else before they read.
            return operation.inputSchema != nil && rule.credentials.contains(.session) && !rule.isForAdmins
        }

        init() throws { stack = try Stack.current() }

        private func callers() async throws -> [UserType: Account] {
            [.client: try await stack.client(), .freelancer: try await stack.freelancer()]
        }

        private func caller(of operation: SharedModels.Operation, _ callers: [UserType: Account]) throws -> Caller {
            guard case .account(let rule) = operation.access else {
                preconditionFailure("only accounts' endpoints are asked")
            }
            return try #require(callers[rule.userType ?? .client]).session
        }

        private func target(_ operation: SharedModels.Operation) -> String {
            operation.path(
                with: Dictionary(uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString) }))
        }

        @Test(arguments: [
            "{", "[]", "\"text\"", "null", "1", "{\"title\": }", "{\"title\": \"a\",}", "{'title': 'a'}",
            "{\"a\":1}{\"b\":2}",
            #"{"title": "\ud800"}"#, #"{"title": "a\u0000b"}"#, "{\"title\": NaN}", "{\"title\": \"\u{1}\"}",
            "{\"title\": 01}",
        ])
        func `What is no JSON object is 400`(text: String) async throws {
            let callers = try await callers()
            for operation in Self.taking {
                let answer = try await caller(of: operation, callers).ask(
                    operation.method, target(operation), bytes: Array(text.utf8),
                    headers: [("Content-Type", "application/json")])
                #expect(answer.status == 400, "\(operation.id): \(answer)")
            }
        }

        @Test
        func `Bytes that are no UTF-8 are 400`() async throws {
            let callers = try await callers()
            for operation in Self.taking {
                let answer = try await caller(of: operation, callers).ask(
                    operation.method, target(operation),
                    bytes: Array("{\"title\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
                    headers: [("Content-Type", "application/json")])
                #expect(answer.status == 400, "\(operation.id): \(answer)")
            }
        }

        @Test(arguments: [(1 << 20) + 1, 11 << 20])
        func `A body that is too large is 413, at the service and at the gateway`(bytes: Int) async throws {
            let client = try await stack.client()
            let body =
                Array("{\"title\":\"".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: bytes) + Array("\"}".utf8)
            let answer = try await client.session.ask(
                .post, Endpoints.gigs.create.operation.path, bytes: body,
                headers: [("Content-Type", "application/json")])
            #expect(answer.status == 413, "\(answer)")
            #expect(answer.code == "PAYLOAD_TOO_LARGE")
        }
    }
}
