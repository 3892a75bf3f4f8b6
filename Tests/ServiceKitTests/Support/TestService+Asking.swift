import SharedModels
import Testing

extension TestService {
    /// Calls over a separate connection.
    ///
    /// - Parameter body: Sent as JSON.
    func ask(
        _ method: String, _ target: String, as caller: Caller? = nil, _ body: JSONValue? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let type = body.map { _ in [(name: "Content-Type", value: "application/json")] } ?? []
        return try await ask(method, target, as: caller, bytes: body?.bytes, headers: type + headers)
    }

    func ask(
        _ method: String, _ target: String, as caller: Caller? = nil, bytes: [UInt8]?,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let line = try Line(port: port)
        let length = bytes.map { [(name: "Content-Length", value: String($0.count))] } ?? []
        let fields = [(name: "Host", value: "api.example")] + (caller?.headers ?? []) + headers + length
        let lines = ["\(method) \(target) HTTP/1.1"] + fields.map { "\($0.name): \($0.value)" } + ["", ""]
        try await line.send(Array(lines.joined(separator: "\r\n").utf8) + (bytes ?? []))
        return try await line.answer(to: method)
    }

    /// Creates a new thing.
    func make(_ name: String, as caller: Caller, key: String? = nil) async throws -> Answer {
        let headers = key.map { [(name: "Idempotency-Key", value: $0)] } ?? []
        return try await ask("POST", "/api/things", as: caller, ["name": .string(name)], headers: headers)
    }

    /// A new thing called Chair, by its path.
    func makeChair(as caller: Caller) async throws -> String {
        try #require(try await make("Chair", as: caller).header("location"))
    }

    /// The names of an account's things.
    func names(of caller: Caller) async throws -> [String] {
        try await ThingStore().names(of: caller.account, in: database)
    }
}
