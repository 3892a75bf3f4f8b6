import HTTPTypes
import ServiceKit

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
            respond: { request in
                do {
                    return try await answer(Asked(request)).served
                } catch {
                    return Answer(status: 500, text: "\(error)").served
                }
            }, body)
    }

    package static func serve<Result>(
        respond: @escaping @Sendable (IncomingRequest) async -> ServedAnswer, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let listener = HTTPListener(
            host: "127.0.0.1", port: 0, onListening: { port.yield($0) },
            refuse: { Answer(status: $0.status, text: $0.rawValue).served }, respond: respond)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await listener.run()
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
    fileprivate init(_ request: IncomingRequest) async throws {
        method = request.method
        path = request.path
        query = request.query ?? ""
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        self.headers = headers
        body = try await request.body(atMost: 8 << 20)
    }
}

extension LocalServer.Answer {
    fileprivate var served: ServedAnswer { ServedAnswer(status, headers.map { ($0.key, $0.value) }, body) }
}

extension ServedAnswer {
    init(_ status: Int, _ headers: [(name: String, value: String)], _ body: [UInt8]) {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let isBodiless = status == 204 || status == 304
        self.init(status: status, headers: fields, body: isBodiless ? .none : .bytes(body))
    }
}
