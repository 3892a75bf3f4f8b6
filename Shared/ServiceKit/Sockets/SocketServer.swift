import HTTPTypes
import OutboundHTTP
import SharedModels
import Synchronization

/// The path at which a service speaks Socket.IO over Engine.IO: handshakes, polls, posts, and changes to WebSocket.
struct SocketServer: Sendable {
    /// Errors of Engine.IO, with their numbers.
    enum Problem: Int, Error {
        case unknownTransport, unknownSession, badMethod, badRequest, forbidden, unsupportedVersion

        var message: String {
            switch self {
            case .unknownTransport: "Transport unknown"
            case .unknownSession: "Session ID unknown"
            case .badMethod: "Bad handshake method"
            case .badRequest: "Bad request"
            case .forbidden: "Forbidden"
            case .unsupportedVersion: "Unsupported protocol version"
            }
        }
    }

    /// Packets in one body.
    private static let packets = 64
    private static let text = [(name: "Content-Type", value: "text/plain; charset=UTF-8")]

    let engine: EngineServer
    let place: SocketPlace
    let credentials: CredentialReaders
    /// The origins whose pages may come: that of `CLIENT_URL`.
    let clientOrigin: String

    /// - Throws: ``Problem``, ``Refusal`` and ``CredentialRefusal``.
    func reply(to request: IncomingRequest, _ head: RequestHead) async throws -> Reply {
        guard isPermitted(head) else { throw Problem.forbidden }
        if head.method == "OPTIONS" { return Self.preflight }
        let query = QueryReading.parameters(request.query ?? "")
        func parameter(_ name: String) throws -> String? {
            let values = query.filter { $0.name.isSpelled(name) }.map { $0.value ?? "" }
            guard values.count <= 1 else { throw Problem.badRequest }
            return values.first
        }
        guard try parameter("EIO")?.isSpelled("4") == true else { throw Problem.unsupportedVersion }
        let overWebSocket: Bool
        switch try parameter("transport") {
        case "polling"?: overWebSocket = false
        case "websocket"?: overWebSocket = true
        default: throw Problem.unknownTransport
        }
        guard let id = try parameter("sid") else {
            guard head.method == "GET" else { throw Problem.badMethod }
            return try overWebSocket ? beginOverWebSocket(request, head) : begin(head)
        }
        guard let session = engine.find(id) else { throw Problem.unknownSession }
        if overWebSocket { return try change(session, request) }
        guard session.isPolling else { throw Problem.badRequest }
        switch head.method {
        case "GET": return try await poll(session, request.departure)
        case "POST": return try await post(request, to: session)
        default: throw Problem.badMethod
        }
    }

    /// A page of another origin gets nothing. A program names none, and a page of our own is at home.
    private func isPermitted(_ head: RequestHead) -> Bool {
        guard let origin = head.header(.origin) else { return true }
        if origin.isSpelled(clientOrigin) { return true }
        guard let host = head.header(.hostName) else { return false }
        return origin.isSpelled("http://\(host)") || origin.isSpelled("https://\(host)")
    }

    private func begin(_ head: RequestHead) throws -> Reply {
        let session = try make(head)
        return .whole(Answer(headers: Self.text, body: engine.opening(of: session, upgrades: true)))
    }

    private func beginOverWebSocket(_ request: IncomingRequest, _ head: RequestHead) throws -> Reply {
        let handshake = try WebSocketHandshake(request)
        return .webSocket(handshake, EngineSocket(try make(head), isTried: false))
    }

    private func make(_ head: RequestHead) throws -> EngineSession {
        var shown: PresentedCredential?
        if head.header(.authorization) != nil || head.header(.apiKey) != nil {
            shown = try credentials.read(head.headers)
        }
        guard let session = engine.make(from: head.sourceAddress?.subscriber) else {
            throw Refusal.unavailable(retryAfter: .seconds(5))
        }
        session.begin(SocketConnection(session, place, showing: shown))
        return session
    }

    private func change(_ session: EngineSession, _ request: IncomingRequest) throws -> Reply {
        let handshake = try WebSocketHandshake(request)
        let socket = EngineSocket(session, isTried: true)
        guard session.consider(socket) else { throw Problem.badRequest }
        return .webSocket(handshake, socket)
    }

    private func poll(_ session: EngineSession, _ departure: Departure) async throws -> Reply {
        let polled = Mutex(EngineSession.Polled.refused)
        await departure.ending {
            let packets = await session.poll()
            polled.withLock { $0 = packets }
        }
        guard case .packets(let packets) = polled.withLock({ $0 }) else { throw Problem.badRequest }
        return .whole(
            Answer(headers: Self.text, body: Array(packets.joined(separator: [EnginePacket.separator]))))
    }

    private func post(_ request: IncomingRequest, to session: EngineSession) async throws -> Reply {
        let body = try await request.body(atMost: engine.limits.payload)
        guard String(validating: body, as: UTF8.self) != nil else { throw Problem.badRequest }
        let parts = body.split(separator: EnginePacket.separator, omittingEmptySubsequences: false)
        do {
            guard parts.count <= Self.packets else { throw Problem.badRequest }
            guard await session.post(try parts.map { try EnginePacket($0) }) else { throw Problem.badRequest }
        } catch {
            session.close()
            throw error
        }
        return .whole(Answer(headers: Self.text, body: Array("ok".utf8)))
    }

    private static let preflight = Reply.whole(
        Answer(
            status: 204,
            headers: [
                ("Access-Control-Allow-Methods", "GET, POST"),
                ("Access-Control-Allow-Headers", "Content-Type, Authorization"), ("Access-Control-Max-Age", "600"),
            ], body: []))
}

extension SocketServer {
    /// A refusal as Engine.IO tells it; `nil` for one that every endpoint has.
    static func refusal(for error: any Error) -> Answer? {
        let (number, message, status): (Int, String, Int)
        switch error {
        case let problem as Problem:
            (number, message, status) = (problem.rawValue, problem.message, problem == .forbidden ? 403 : 400)
        case let problem as EnginePacket.Problem:
            (number, message, status) = (Problem.badRequest.rawValue, problem.rawValue, 400)
        case let problem as WebSocketHandshake.Problem:
            (number, message, status) = (Problem.badRequest.rawValue, problem.rawValue, problem.status)
        default: return nil
        }
        var headers = [(name: "Content-Type", value: "application/json; charset=utf-8")]
        if status == 426 {
            headers += [("Upgrade", "websocket"), ("Sec-WebSocket-Version", WebSocketHandshake.version)]
        }
        let body: JSONValue = ["code": .integer(Int64(number)), "message": .string(message)]
        return Answer(status: status, headers: headers, body: body.bytes)
    }
}
