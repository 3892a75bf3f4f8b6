import SharedModels
import Synchronization
import TestSupport

/// A language model's server whose answers a test decides.
final class ModelServer: Sendable {
    struct Question: Sendable {
        let path: String
        let authorization: String?
        let body: JSONValue
    }

    enum Reply: Sendable {
        case completion(String, finish: String = "stop")
        case raw(Int, String)
        /// No answer, until the caller gives up.
        case silence
    }

    private let address = Mutex("")
    private let asked = Mutex<[Question]>([])

    var url: String { "\(address.withLock { $0 })/v1" }
    var questions: [Question] { asked.withLock { $0 } }

    /// Serves while `body` runs.
    static func serve<Result: Sendable>(
        _ reply: @escaping @Sendable (Question) -> Reply,
        _ body: @Sendable (ModelServer) async throws -> Result
    ) async throws -> Result {
        let server = ModelServer()
        return try await LocalServer.serve { asked in
            let question = Question(
                path: asked.path, authorization: asked.headers["authorization"],
                body: try JSONValue.parse(asked.body))
            server.asked.withLock { $0.append(question) }
            return try await answer(reply(question))
        } _: { url in
            server.address.withLock { $0 = url }
            return try await body(server)
        }
    }

    private static func answer(_ reply: Reply) async throws -> LocalServer.Answer {
        switch reply {
        case .completion(let text, let finish):
            let body: JSONValue = [
                "choices": [
                    [
                        "message": ["role": "assistant", "content": .string(text)],
                        "finish_reason": .string(finish),
                    ]
                ]
            ]
            return .json(200, String(decoding: body.bytes, as: UTF8.self))
        case .raw(let status, let text):
            return .json(status, text)
        case .silence:
            // Ends with the server.
            try await Task.sleep(for: .seconds(3600))
            return .json(500, "")
        }
    }
}
