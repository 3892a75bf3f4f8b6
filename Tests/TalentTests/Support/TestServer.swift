import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization
import TestSupport

/// A web server that answers as a test says.
struct TestServer: Sendable {
    struct Asked: Sendable {
        let method: String
        let path: String
        let query: String
        /// Names in lower case.
        let headers: [String: String]
        let body: [UInt8]
    }

    struct Answer: Sendable {
        var status = 200
        var body: [UInt8] = []
    }

    /// Serves while `body` runs, which gets the server's address.
    static func use<Result: Sendable>(
        _ answer: @escaping @Sendable (Asked) -> Answer, _ body: @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let (ready, continuation) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        for method in [HTTPRequest.Method.get, .put, .delete] {
            router.on("**", method: method) { request, _ in
                let bytes = try await request.body.collect(upTo: 8 << 20)
                var headers: [String: String] = [:]
                for field in request.headers { headers[field.name.canonicalName] = field.value }
                headers["host"] = request.head.authority
                let answer = answer(
                    Asked(
                        method: request.method.rawValue, path: request.uri.path,
                        query: request.uri.query ?? "",
                        headers: headers, body: Array(bytes.readableBytesView)))
                return Response(
                    status: .init(code: answer.status),
                    body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: .quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            for await port in ready { return try await body("http://127.0.0.1:\(port)") }
            throw CancellationError()
        }
    }
}
