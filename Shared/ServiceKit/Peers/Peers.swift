import OutboundHTTP
import SharedModels

/// Calls to the other services. The declarations that register their routes also type the calls.
package struct Peers: Sendable {
    private let addresses: [ServiceName: String]
    private let tokens: ServiceTokens
    private let http: OutboundHTTP

    package init(addresses: [ServiceName: String], tokens: ServiceTokens, http: OutboundHTTP) {
        self.addresses = addresses
        self.tokens = tokens
        self.http = http
    }

    /// Calls `endpoint` at the service that declares it.
    ///
    /// - Parameters:
    ///   - path: The values of the template's parameters.
    ///   - deadline: For the whole call. Shorter than the caller's own deadline.
    /// - Throws: ``PeerRefusal`` for every answer except a success, `OutboundError` when no answer came.
    package func call<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ input: Input, path: [String: String] = [:],
        deadline: Duration = .seconds(8)
    ) async throws -> Output {
        let request = try await request(
            endpoint.operation, body: try Self.encode(input, endpoint.operation.surface.keyStyle), path: path,
            deadline: deadline)
        let response = try await http.send(request, .service)
        guard (200..<300).contains(response.status) else { throw PeerRefusal(endpoint.operation, response) }
        return try Self.decode(Output.self, response.body, endpoint.operation.surface.keyStyle)
    }

    /// The request for `operation`, with a service token and the present request's id.
    package func request(
        _ operation: SharedModels.Operation, body: [UInt8]?, path: [String: String], deadline: Duration
    ) async throws -> OutboundRequest {
        guard let address = addresses[operation.service] else {
            preconditionFailure("\(operation.service) has no address")
        }
        let target = operation.path(with: path)
        var headers = [Authorization.showing(try await tokens.token(for: operation.service))]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        if let trace = RequestTrace.current { headers += trace.headers }
        guard let method = OutboundRequest.Method(rawValue: operation.method.rawValue) else {
            preconditionFailure("every method of ours is one of curl's")
        }
        var request = OutboundRequest(method, address + target, headers: headers, body: body)
        request.deadline = deadline
        request.maximumResponseBytes = 8 << 20
        return request
    }

    private static func encode(_ input: some Sendable, _ style: KeyStyle) throws -> [UInt8]? {
        guard let model = input as? any Model else { return nil }
        return try JSONValue.encode(model, in: style)
    }

    private static func decode<Output>(_ type: Output.Type, _ bytes: [UInt8], _ style: KeyStyle) throws -> Output {
        if type == NoOutput.self, let none = NoOutput() as? Output { return none }
        guard let model = type as? any Model.Type,
            let output = try JSONValue.decode(model, from: bytes, in: style) as? Output
        else {
            preconditionFailure("\(type) is not a body")
        }
        return output
    }
}

/// Another service refused a call. When this error reaches our caller, it reads like that service's answer.
package struct PeerRefusal: APIError, Equatable {
    package let operation: String
    package let status: Int
    package let code: ErrorCode
    package let publicMessage: String
    package let issues: [InputIssue]
    package let allowed: [String]?
    package let retryAfter: Duration?

    package var logDetail: String? { "\(operation) answered \(status)" }

    package init(_ operation: SharedModels.Operation, _ response: OutboundResponse) {
        self.operation = operation.id
        status = response.status
        // A body that is not in our format is ignored; the status is enough.
        let body = try? JSONValue.parse(response.body)
        let error = body?["error"]
        retryAfter = response.header("retry-after").flatMap(Int.init).map { .seconds($0) }
        issues = (error?["issues"]?.array ?? []).compactMap { issue in
            guard let path = issue["path"]?.string, let message = issue["message"]?.string else { return nil }
            return InputIssue(path: path, message: message)
        }
        allowed = error?["allowed"]?.array?.compactMap(\.string)
        // A peer's 401, 403 for the token, or 500 is our fault and not the caller's.
        let known = error?["code"]?.string.flatMap(ErrorCode.init)
        if let known, ![.unauthorized, .internalError].contains(known) {
            code = known
            publicMessage = error?["message"]?.string ?? "The request was refused."
        } else {
            code = .serviceUnavailable
            publicMessage = "This cannot be answered right now; try again shortly."
        }
    }
}
