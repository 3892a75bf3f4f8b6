import HTTPTypes
import SharedModels

/// The outermost responder. It answers HEAD, requests that match no route, and what is no request, in the shapes of the
/// surfaces.
struct Boundary: Sendable {
    let table: RouteTable
    let pipeline: Pipeline
    let operations: [SharedModels.Operation]
    /// Counts the requests that match no route.
    let metrics: RequestMetrics
    /// What answers at paths where sockets are spoken, by path.
    var sockets: [String: SocketServer] = [:]
    let socketMetrics: RequestMetrics

    func respond(to request: IncomingRequest) async -> ServedAnswer {
        if let sockets = sockets[request.path] { return await pipeline.respond(request, sockets, socketMetrics) }
        var request = request
        // HEAD is a GET whose answer has no body (RFC 9110, section 9.3.2). The connection leaves the body out.
        if request.method == "HEAD" { request.method = "GET" }
        guard let found = table.find(request.method, request.path) else { return await unrouted(request) }
        return await found.respond(request, found.parameters)
    }

    /// Answers what could not be read as a request.
    func refuse(_ problem: UnreadableHead) -> ServedAnswer {
        let head = RequestHead(method: "", path: "", pathParameters: [], query: [], headers: [:])
        let exchange = Exchange(head, endpoint: nil, surface: .clawConnected, at: pipeline.clock.now)
        let code: ErrorCode = problem == .late ? .requestTimeout : .badRequest
        var answer = pipeline.refused(Refusal(code, problem.rawValue), exchange)
        if case .whole(var whole) = answer {
            whole.status = problem.status
            answer = .whole(whole)
        }
        return pipeline.finish(answer, exchange, metrics)
    }

    /// Answers what no endpoint does. It counts as a request of whose key or token it carries.
    private func unrouted(_ request: IncomingRequest) async -> ServedAnswer {
        let surface = Surface(ofUnknown: request.path, beside: operations)
        let declared = declared(at: request.path)
        let exchange = Exchange(
            RequestHead(request, []), endpoint: nil, surface: surface, anyOrigin: declared.contains(where: \.anyOrigin),
            at: pipeline.clock.now)
        let methods = Self.methods(of: declared)
        if !methods.isEmpty { exchange.reply.set(.allow, methods.joined(separator: ", ")) }
        var caller: AccountID?
        let reply: Reply = await RequestTrace.$current.withValue(exchange.trace) {
            do {
                let admission =
                    surface == .internal
                    ? nil
                    : try await pipeline.guardian.charge(exchange.head, on: surface, exchange.reply)
                caller = admission?.principal.accountID
                admission?.release()
                return answer(exchange, methods, Set(declared.map(\.surface)))
            } catch {
                return pipeline.refused(error, exchange)
            }
        }
        return pipeline.finish(reply, exchange, metrics, caller: caller)
    }

    /// The endpoints declared at a path.
    ///
    /// `/api/disputes/create` means that endpoint, not a dispute with the id `create`: a template with fewer parameters
    /// wins.
    private func declared(at path: String) -> [SharedModels.Operation] {
        let segments = path.segments
        let matching = operations.filter { $0.matches(segments) }
        let fewest = matching.map(\.pathParameters.count).min()
        return matching.filter { $0.pathParameters.count == fewest }
    }

    /// The methods that a path with these endpoints answers; empty without endpoints.
    private static func methods(of operations: [SharedModels.Operation]) -> [String] {
        let declared = Set(operations.map(\.method))
        guard !declared.isEmpty else { return [] }
        return (declared.map(\.rawValue) + (declared.contains(.get) ? ["HEAD"] : []) + ["OPTIONS"]).sorted()
    }

    private func answer(_ exchange: Exchange, _ methods: [String], _ surfaces: Set<Surface>) -> Reply {
        let method = exchange.head.method
        if method == "OPTIONS", !methods.isEmpty { return preflight(exchange.reply, of: surfaces) }
        // An endpoint's path with an extra slash is a different path.
        guard !methods.isEmpty, !methods.contains(method) else {
            let refusal = Refusal(
                .notFound, "There is no such path.", suggestion: "Look the path up in /openapi.json.")
            return pipeline.refused(refusal, exchange)
        }
        return pipeline.refused(
            Refusal(.methodNotAllowed, "\(method) is not allowed here.", allowed: methods), exchange)
    }

    /// A browser asks what it may send (Fetch standard, CORS-preflight request).
    private func preflight(_ reply: ReplyHead, of surfaces: Set<Surface>) -> Reply {
        reply.set(.accessControlAllowMethods, "GET, POST, PUT, PATCH, DELETE")
        reply.set(.accessControlAllowHeaders, CrossOrigin.allowedHeaders(on: surfaces).joined(separator: ", "))
        reply.set(.accessControlMaxAge, "600")
        return .whole(Answer(status: 204, headers: [], body: []))
    }
}

extension Surface {
    /// The surface of a path without an endpoint, guessed from its beginning: the surface of the operations that share
    /// most of it, or ClawConnected when those belong to several surfaces.
    init(ofUnknown path: String, beside operations: [SharedModels.Operation]) {
        let segments = path.segments
        // Of two that share as much, the one with fewer parameters is meant, as in ``Boundary/methods(at:)``.
        let shared = operations.map { operation in
            let common = zip(operation.path.segments, segments).prefix { $0.fits($1) }
            return [common.count, common.count { $0 == $1 }]
        }
        let most = shared.max { $0.lexicographicallyPrecedes($1) }
        let nearest = Set(zip(operations, shared).filter { $1 == most }.map(\.0.surface))
        if nearest == [.skillSync, .oauth] {
            // OAuth is a part of SkillSync's paths.
            self = .skillSync
        } else {
            self = nearest.count == 1 ? nearest.first ?? .clawConnected : .clawConnected
        }
    }
}

extension SharedModels.Operation {
    /// Whether a path of these segments matches the template.
    fileprivate func matches(_ segments: [ArraySlice<UInt8>]) -> Bool {
        let template = path.segments
        return template.count == segments.count && zip(template, segments).allSatisfy { $0.fits($1) }
    }
}

extension String {
    /// Its parts between slashes. Empty ones are left out.
    fileprivate var segments: [ArraySlice<UInt8>] { Array(utf8).split(separator: UInt8(ascii: "/")) }
}

extension ArraySlice<UInt8> {
    /// Whether this segment of a template takes `segment` of a path.
    fileprivate func fits(_ segment: Self) -> Bool { first == UInt8(ascii: "{") || self == segment }
}
