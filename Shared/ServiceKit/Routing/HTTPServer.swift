import HTTPTypes
import Hummingbird
import Postgres
import Logging
import NIOCore
import ServiceLifecycle
import SharedModels

/// Puts the pieces into a Hummingbird application.
enum HTTPServer {
    static func application(_ kit: Kit, _ pipeline: Pipeline, _ readiness: Readiness) throws -> some Service {
        let router = Router(context: ServiceRequestContext.self)
        let routes = try kit.routes.complete(for: kit.settings.service)
        for route in routes {
            let metrics = kit.metrics.requests(of: route.operation.id)
            router.on(RouterPath(route.operation.path), method: method(route.operation.method)) { request, context in
                await pipeline.respond(request, context, route, metrics)
            }
        }
        for route in kit.rawRoutes.all {
            router.on(RouterPath(route.path), method: method(route.method)) { request, context in
                let buffer = try await request.body.collect(upTo: Pipeline.maximumBody)
                let raw = RawRequest(request, context, route.method, body: Array(buffer.readableBytesView))
                return try await route.handler(raw).response
            }
        }
        operations(router, kit, readiness)
        let boundary = Boundary(inner: router.buildResponder(), pipeline: pipeline, operations: routes.map(\.operation))
        var logger = kit.logger
        logger.logLevel = .warning
        return Application(
            responder: boundary,
            configuration: .init(address: .hostname(kit.settings.host, port: kit.settings.port), serverName: nil),
            logger: logger)
    }

    /// What operators ask, on the service's own port only.
    private static func operations(_ router: Router<ServiceRequestContext>, _ kit: Kit, _ readiness: Readiness) {
        router.get("/health/live") { _, _ in json(["ok": true], status: .ok) }
        router.get("/health/ready") { _, _ in
            let failing = await readiness.failing()
            let body: JSONValue = ["ready": .bool(failing.isEmpty), "failing": .array(failing.map { .string($0) })]
            return json(body, status: failing.isEmpty ? .ok : .serviceUnavailable)
        }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4"],
                body: .init(byteBuffer: ByteBuffer(string: await kit.metrics.text())))
        }
    }

    private static func json(_ value: JSONValue, status: HTTPResponse.Status) -> Response {
        Response(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }

    private static func method(_ method: SharedModels.Method) -> HTTPRequest.Method {
        switch method {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}

/// Whether the service can do its work.
struct Readiness: Sendable {
    let database: Database
    let feed: RevocationFeed?

    /// The names of what does not work.
    func failing() async -> [String] {
        var failing: [String] = []
        do {
            try await database.ping()
        } catch {
            failing.append("postgresql")
        }
        if let feed, !feed.isConnected { failing.append("auth") }
        return failing
    }
}

enum DatabaseMetrics {
    static func register(_ database: Database, in metrics: MetricsRegistry) {
        metrics.gauge("postgres_statements_in_flight", "Statements sent and not answered") {
            Double(database.statistics.statementsInFlight)
        }
        metrics.gauge("postgres_statements_queued", "Statements waiting to be sent") {
            Double(database.statistics.statementsQueued)
        }
        metrics.gauge("postgres_transactions_open", "Transactions under way") {
            Double(database.statistics.transactionsOpen)
        }
        metrics.gauge("postgres_transactions_queued", "Transactions waiting for a connection") {
            Double(database.statistics.transactionsQueued)
        }
    }
}
