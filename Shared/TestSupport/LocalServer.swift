import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A web server on a free port of this machine. A test decides its answers.
package enum LocalServer {
    package struct Asked: Sendable {
        package let method: String
        package let path: String
        package let query: String
        /// Header names in lower case. `host` is the authority.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: [UInt8]

        package init(status: Int = 200, headers: [String: String] = [:], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        package init(status: Int = 200, headers: [String: String] = [:], text: String) {
            self.init(status: status, headers: headers, body: Array(text.utf8))
        }

        package static func json(_ status: Int, _ text: String) -> Self {
            Self(status: status, headers: ["content-type": "application/json"], text: text)
        }
    }

    /// Serves while `body` runs. `body` gets the server's address, without a slash at its end.
    package static func serve<Result>(
        _ answer: @escaping @Sendable (Asked) async throws -> Answer, _ body: (String) async throws -> Result
    ) async throws -> Result {
        try await serve(
            CallbackResponder { (request: Request, _: BasicRequestContext) in
                try await answer(Asked(request)).response
            }, body)
    }

    static func serve<Result, Responder: HTTPResponder>(
        _ responder: Responder, _ body: (String) async throws -> Result
    ) async throws -> Result where Responder.Context == BasicRequestContext {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: responder,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: .quiet)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await application.run()
            }
            defer { group.cancelAll() }
            for await port in ports { return try await body("http://127.0.0.1:\(port)") }
            // It could not be started.
            try await group.waitForAll()
            throw CancellationError()
        }
    }
}

extension LocalServer.Asked {
    fileprivate init(_ request: Request) async throws {
        method = request.method.rawValue
        path = request.uri.path
        query = request.uri.query ?? ""
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        headers["host"] = request.head.authority
        self.headers = headers
        body = Array(try await request.body.collect(upTo: 8 << 20).readableBytesView)
    }
}

extension LocalServer.Answer {
    fileprivate var response: Response {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        return Response(
            status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}
