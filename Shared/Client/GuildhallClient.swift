import Logging
import OutboundHTTP
import SharedModels

/// A client of a running Guildhall. It uses the same typed endpoint declarations as the services.
///
///     let guildhall = GuildhallClient(url: "http://127.0.0.1:8080", credential: .key("cc_live_…"))
///     let gig = try await guildhall.call(Endpoints.gigs.create, ["title": "Write a parser", "rate_cents": 5_000])
///
/// Safe to share; ``close()`` ends its connections.
public final class GuildhallClient: Sendable {
    public enum Credential: Sendable {
        case none
        case key(String)
        /// The value of the cookie `guildhall_session`.
        case session(String)
    }

    private let address: @Sendable (ServiceName) -> String
    private let credential: Credential
    /// Sent with every call.
    private let added: [(name: String, value: String)]
    private let deadline: Duration
    private let http: OutboundHTTP
    private let ownsConnections: Bool

    /// - Parameter url: The gateway, or one service, without a trailing slash.
    public convenience init(url: String, credential: Credential = .none) {
        self.init(
            { _ in url }, credential, [], .seconds(30),
            OutboundHTTP(userAgent: "GuildhallClient", logger: Logger(label: "client")),
            ownsConnections: true)
    }

    /// The services themselves, without the gateway: for a program that stands beside it.
    ///
    /// - Parameter deadline: How long a call may take.
    package convenience init(
        services: [ServiceName: String], credential: Credential = .none, deadline: Duration, http: OutboundHTTP
    ) {
        self.init(
            { services[$0] ?? "http://\($0.rawValue).invalid" }, credential, [], deadline, http,
            ownsConnections: false)
    }

    private init(
        _ address: @escaping @Sendable (ServiceName) -> String, _ credential: Credential,
        _ added: [(name: String, value: String)], _ deadline: Duration, _ http: OutboundHTTP, ownsConnections: Bool
    ) {
        self.address = address
        self.credential = credential
        self.added = added
        self.deadline = deadline
        self.http = http
        self.ownsConnections = ownsConnections
    }

    /// The same server for another caller, over the same connections.
    public func signedIn(as credential: Credential) -> GuildhallClient {
        GuildhallClient(address, credential, added, deadline, http, ownsConnections: false)
    }

    /// The same, with these headers in every call.
    package func adding(_ headers: [(name: String, value: String)]) -> GuildhallClient {
        GuildhallClient(address, credential, added + headers, deadline, http, ownsConnections: false)
    }

    /// Calls an endpoint.
    ///
    /// - Parameters:
    ///   - path: The values of the path's parameters, by name.
    ///   - query: Query parameters, by name.
    ///   - idempotencyKey: Makes a repeat harmless for 24 h.
    /// - Throws: ``GuildhallRefusal`` for every answer except a success; a transport error when no answer came.
    public func call<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ input: Input, path: [String: String] = [:],
        query: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        var body: (bytes: [UInt8], type: String)?
        if let model = input as? any Model {
            body = (try JSONValue.encode(model, in: endpoint.operation.surface.keyStyle), Self.json)
        }
        if let file = input as? FileInput, let field = endpoint.operation.file {
            let form = FileForm(file, in: field)
            body = (form.bytes, form.contentType)
        }
        return try await send(endpoint, body, path, query, idempotencyKey)
    }

    /// Calls an endpoint with a body in JSON.
    public func call<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ body: JSONValue, path: [String: String] = [:],
        query: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        try await send(endpoint, (body.bytes, Self.json), path, query, idempotencyKey)
    }

    private static let json = "application/json"

    private func send<Input: Sendable, Output: Sendable>(
        _ endpoint: Endpoint<Input, Output>, _ body: (bytes: [UInt8], type: String)?, _ path: [String: String],
        _ query: [String: String], _ idempotencyKey: String?
    ) async throws -> Output {
        let operation = endpoint.operation
        var request = OutboundRequest(
            OutboundRequest.Method(rawValue: operation.method.rawValue) ?? .get,
            address(operation.service) + target(operation, path, query),
            headers: headers(idempotencyKey), body: body?.bytes)
        if let body { request.headers.append(("Content-Type", body.type)) }
        request.maximumResponseBytes = 8 << 20
        request.deadline = deadline
        let response = try await http.send(request, .service)
        guard (200..<400).contains(response.status) else { throw GuildhallRefusal(response) }
        if Output.self == NoOutput.self, let none = NoOutput() as? Output { return none }
        if let file = FileOutput(response) as? Output { return file }
        guard let type = Output.self as? any Model.Type,
            let output = try JSONValue.decode(
                type, from: Self.content(of: response, operation), in: operation.surface.keyStyle) as? Output
        else { throw GuildhallRefusal(response) }
        return output
    }

    /// The answer without what SkillSync puts around it.
    private static func content(of response: OutboundResponse, _ operation: SharedModels.Operation) throws -> [UInt8] {
        guard operation.surface == .skillSync, let data = try JSONValue.parse(response.body)["data"] else {
            return response.body
        }
        return data.bytes
    }

    /// Calls an endpoint without a body.
    public func call<Output: Sendable>(
        _ endpoint: Endpoint<NoInput, Output>, path: [String: String] = [:], query: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        try await call(endpoint, NoInput(), path: path, query: query, idempotencyKey: idempotencyKey)
    }

    /// Calls an endpoint that takes a file, with a form that is passed on while it comes.
    ///
    /// - Parameter contentType: Of the form.
    package func pass<Input: Sendable, Output: Model>(
        _ form: OutboundBody, _ contentType: String, to endpoint: Endpoint<Input, Output>, path: [String: String] = [:],
        idempotencyKey: String? = nil
    ) async throws -> Output {
        let operation = endpoint.operation
        var request = OutboundRequest(
            .post, address(operation.service) + target(operation, path, [:]),
            headers: headers(idempotencyKey) + [("Content-Type", contentType)])
        // The file is on its way for as long as its sender takes.
        request.deadline = .seconds(120)
        let response = try await http.send(request, with: form, .service)
        guard (200..<300).contains(response.status) else { throw GuildhallRefusal(response) }
        return try JSONValue.decode(
            Output.self, from: Self.content(of: response, operation), in: operation.surface.keyStyle)
    }

    /// Begins a session with mail address and password, as the form of the API's own sign-in page does.
    ///
    /// - Returns: The values of `Set-Cookie`, for the browser of who signs in.
    package func beginSession(email: String, password: String) async throws -> [String] {
        let operation = Endpoints.session.signIn.operation
        var request = OutboundRequest(
            .post, address(operation.service) + operation.path,
            headers: headers(nil) + [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
            ], body: FormEncoding.encode([("email", email), ("password", password)]))
        request.deadline = deadline
        let response = try await http.send(request, .service)
        guard response.status == operation.success else { throw GuildhallRefusal(response) }
        return response.headers.filter { $0.name.lowercased() == "set-cookie" }.map(\.value)
    }

    public func close() async {
        if ownsConnections { await http.shutdown() }
    }

    private func headers(_ idempotencyKey: String?) -> [(name: String, value: String)] {
        var headers = added
        switch credential {
        case .none: break
        case .key(let key): headers.append(Authorization.showing(key))
        case .session(let session): headers.append(("Cookie", "guildhall_session=\(session)"))
        }
        if let idempotencyKey { headers.append(("Idempotency-Key", idempotencyKey)) }
        return headers
    }

    private func target(_ operation: SharedModels.Operation, _ path: [String: String], _ query: [String: String])
        -> String
    {
        let target = operation.path(with: path)
        guard !query.isEmpty else { return target }
        let pairs = query.sorted { $0.key < $1.key }.map { "\($0.key.percentEncoded)=\($0.value.percentEncoded)" }
        return target + "?" + pairs.joined(separator: "&")
    }
}

/// The server said no.
public struct GuildhallRefusal: Error, Sendable, CustomStringConvertible {
    public let status: Int
    /// `nil` when the answer is not in our shape.
    public let code: ErrorCode?
    public let message: String
    public let issues: [InputIssue]
    public let requestID: String?
    /// How many seconds the server asks to wait before the next try.
    public let retryAfter: Int?

    init(_ response: OutboundResponse) {
        // A body that is not JSON has no members to show. The status is enough.
        let body = try? JSONValue.parse(response.body)
        status = response.status
        code = body?["error"]?["code"]?.string.flatMap(ErrorCode.init)
        let error = body?["error"]
        message = body?["message"]?.string ?? error?["message"]?.string ?? "status \(response.status)"
        // SkillSync tells of one place, in its own words.
        let details = error?["details"].map { [$0] }?.filter { $0["field"]?.string != nil } ?? []
        issues = (error?["issues"]?.array ?? details).compactMap { issue in
            guard let path = (issue["path"] ?? issue["field"])?.string,
                let message = (issue["message"] ?? issue["issue"])?.string
            else { return nil }
            return InputIssue(path: path, message: message)
        }
        requestID = (body?["request_id"] ?? body?["meta"]?["request_id"])?.string
        retryAfter = response.header("Retry-After").flatMap { Int($0) }
    }

    public var description: String { "\(status) \(code?.rawValue ?? "?"): \(message)" }
}
