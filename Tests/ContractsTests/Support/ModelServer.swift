import HTTPTypes
import Hummingbird
import NIOCore
import SharedModels
import Synchronization
import TestSupport

/// A language model's server that answers as a test tells it.
final class ModelServer: Sendable {
    struct Question: Sendable {
        let path: String
        let authorization: String?
        let body: JSONValue
    }

    enum Reply: Sendable {
        case completion(String, finish: String = "stop")
        case raw(Int, String)
        /// No answer, until whoever asks gives up.
        case silence
    }

    private let port = Mutex(0)
    private let asked = Mutex<[Question]>([])

    var url: String { "http://127.0.0.1:\(port.withLock { $0 })/v1" }
    var questions: [Question] { asked.withLock { $0 } }

    /// Serves while `body` runs.
    static func serve<Result: Sendable>(
        _ reply: @escaping @Sendable (Question) -> Reply,
        _ body: @Sendable (ModelServer) async throws -> Result
    ) async throws -> Result {
        let server = ModelServer()
        let (ready, continuation) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.post("**") { request, _ in
            let bytes = try await request.body.collect(upTo: 8 << 20)
            let question = Question(
                path: request.uri.path, authorization: request.headers[.authorization],
                body: try JSONValue.parse(Array(bytes.readableBytesView)))
            server.asked.withLock { $0.append(question) }
            return try await server.response(reply(question))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: .quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await port in ready {
                server.port.withLock { $0 = port }
                break
            }
            defer { group.cancelAll() }
            return try await body(server)
        }
    }

    private func response(_ reply: Reply) async throws -> Response {
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
            return Self.answer(200, String(decoding: body.bytes, as: UTF8.self))
        case .raw(let status, let text):
            return Self.answer(status, text)
        case .silence:
            // Ends with the server.
            try await Task.sleep(for: .seconds(3600))
            return Self.answer(500, "")
        }
    }

    private static func answer(_ status: Int, _ text: String) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
