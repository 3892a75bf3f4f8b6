import OutboundHTTP
import SharedModels
import Testing

/// A caller at the gateway, or at one service's own port, with or without a credential.
struct Caller: Sendable {
    let stack: Stack
    let address: String
    var headers: [(name: String, value: String)] = []

    /// The same credential at the port of `service`.
    func at(_ service: ServiceName) -> Caller {
        Caller(stack: stack, address: stack.address(of: service), headers: headers)
    }

    /// Calls an endpoint and accepts every answer.
    ///
    /// - Parameters:
    ///   - ids: The path's parameters, by name.
    ///   - query: The query, with its question mark.
    func ask(
        _ operation: SharedModels.Operation, _ ids: [String: String] = [:], _ body: JSONValue? = nil,
        query: String = "",
        headers more: [(name: String, value: String)] = []
    ) async throws -> Answer {
        try await ask(
            operation.method, operation.path(with: ids) + query, bytes: body?.bytes,
            headers: (body == nil ? [] : [("Content-Type", "application/json")]) + more)
    }

    func ask(
        _ method: SharedModels.Method, _ target: String, bytes: [UInt8]? = nil,
        headers more: [(name: String, value: String)] = []
    ) async throws -> Answer {
        let method = try #require(OutboundRequest.Method(rawValue: method.rawValue))
        return try await stack.send(
            OutboundRequest(method, address + target, headers: headers + more, body: bytes))
    }

    /// Calls an endpoint that must succeed, and holds its answer to the document: the members that are named there and no
    /// others, each of its kind and in its range.
    @discardableResult
    func succeed(
        _ operation: SharedModels.Operation, _ ids: [String: String] = [:], _ body: JSONValue? = nil,
        query: String = "",
        headers: [(name: String, value: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        let answer = try await ask(operation, ids, body, query: query, headers: headers)
        try #require(
            answer.status == operation.success, "\(operation.id) answered \(answer)", sourceLocation: sourceLocation)
        if let schema = operation.outputSchema {
            let shown = operation.surface == .skillSync ? answer["data"] ?? .null : answer.json
            #expect(schema.issues(in: shown) == [], "\(operation.id): \(answer)", sourceLocation: sourceLocation)
        }
        return answer
    }
}
