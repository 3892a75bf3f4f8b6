import Foundation
import OutboundHTTP
import SharedModels
import Testing

extension Journeys {
    /// The headers that every answer carries, from every endpoint.
    @Suite struct Headers {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        /// Calls every endpoint without an effect: those that write get half a body.
        private func answers(
            to caller: Caller, headers: [(name: String, value: String)]
        ) async throws -> [(operation: SharedModels.Operation, answer: Answer)] {
            var answers: [(SharedModels.Operation, Answer)] = []
            for operation in Catalogue.published {
                let ids = Dictionary(
                    uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString) })
                let isRead = operation.method == .get
                let answer = try await caller.ask(
                    operation.method, operation.path(with: ids), bytes: isRead ? nil : Array("{".utf8),
                    headers: headers + (isRead ? [] : [("Content-Type", "application/json")]))
                answers.append((operation, answer))
            }
            return answers
        }

        @Test
        func `Every answer has the caller's request id, is not to be sniffed, and names no version of a server`()
            async throws
        {
            for caller in [stack.anyone, try await stack.client().session] {
                let id = "conventions-\(UInt64.random(in: 0 ... .max))"
                for (operation, answer) in try await answers(to: caller, headers: [("X-Request-Id", id)]) {
                    #expect(answer.header("x-request-id") == id, "\(operation.id)")
                    #expect(answer.header("x-content-type-options") == "nosniff", "\(operation.id)")
                    #expect(answer.header("server")?.contains(where: \.isNumber) != true, "\(operation.id)")
                    #expect(answer.header("x-powered-by") == nil, "\(operation.id)")
                    if answer.status >= 400 { #expect(answer.requestID == id, "\(operation.id)") }
                }
            }
        }

        @Test(arguments: [
            "two words", String(repeating: "a", count: 129), "{\"a\":1}", "<script>", "",
        ])
        func `A request id that is not a sane token is replaced everywhere`(id: String) async throws {
            for (operation, answer) in try await answers(to: stack.anyone, headers: [("X-Request-Id", id)]) {
                let replaced = try #require(answer.header("x-request-id"), "\(operation.id)")
                #expect(replaced != id && (1...128).contains(replaced.count), "\(operation.id): \(replaced)")
            }
        }

        @Test
        func `Answers to credentials are not kept on the way, nor is any refusal`() async throws {
            for (operation, answer) in try await answers(to: stack.client().session, headers: []) {
                if case .anyone = operation.access, answer.status < 300 { continue }
                #expect(answer.header("cache-control") == "no-store", "\(operation.id): \(answer)")
            }
        }

        @Test
        func `The client's page may ask every endpoint, and another site's only what is open`() async throws {
            let own = try #require(WebURL(try Stack.setting("CLIENT_URL"))).origin
            for operation in Catalogue.published {
                let ids = Dictionary(
                    uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString) })
                let url = stack.gateway + operation.path(with: ids)
                for origin in [own, "https://evil.example", "null"] {
                    let asked = [
                        ("Origin", origin), ("Access-Control-Request-Method", operation.method.rawValue),
                    ]
                    let preflight = try await stack.send(OutboundRequest(.options, url, headers: asked))
                    #expect(preflight.status == 204, "\(operation.id): \(preflight)")
                    // SkillSync's keys and OAuth's tokens are not for pages.
                    let isOwn = origin == own && !operation.path.hasPrefix("/v1/")
                    let allowed = operation.anyOrigin ? "*" : isOwn ? own : nil
                    #expect(
                        preflight.header("access-control-allow-origin") == allowed,
                        "\(operation.id) from \(origin)")
                    if operation.surface == .skillhouse {
                        let headers = preflight.header("access-control-allow-headers")
                        #expect(headers == "Content-Type, Authorization", "\(operation.id)")
                    }
                    if operation.anyOrigin {
                        #expect(preflight.header("access-control-allow-credentials") == nil, "\(operation.id)")
                    }
                    #expect(
                        preflight.header("access-control-allow-methods")?.contains(operation.method.rawValue)
                            == true,
                        "\(operation.id)")
                }
            }
        }
    }
}
