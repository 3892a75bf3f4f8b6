import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Postgres
import SharedModels

/// Assembles the Hummingbird application.
enum HTTPServer {
    /// An idle connection is closed after this time. nginx (60 s) and our own client (30 s) close theirs earlier.
    private static let idleTimeout = TimeAmount.seconds(90)

    /// - Parameter declared: The endpoints that must each have a handler.
    /// - Throws: ``RouteMismatch`` when one has no handler, or another endpoint has one.
    static func application(
        _ kit: Kit, _ pipeline: Pipeline, _ readiness: Readiness, declared: [SharedModels.Operation]
    ) throws -> some ApplicationProtocol {
        let router = Router(context: BasicRequestContext.self)
        let routes = try kit.routes.complete(for: kit.settings.service, declared: declared)
        for route in routes {
            let metrics = kit.metrics.requests(of: route.operation.id)
            router.on(RouterPath(route.operation.path), method: method(route.operation.method)) { request, context in
                await pipeline.respond(request, context, route, metrics)
            }
        }
        for route in kit.rawRoutes.all {
            let metrics = kit.metrics.requests(of: route.name)
            router.on(RouterPath(route.path), method: method(route.method)) { request, context in
                await pipeline.respond(request, context, route, metrics)
            }
        }
        operations(router, kit, pipeline, readiness)
        let boundary = Boundary(
            inner: router.buildResponder(), pipeline: pipeline, operations: declared,
            metrics: kit.metrics.requests(of: "none"))
        var logger = kit.logger
        logger.logLevel = .warning
        let execution = try kit.database.taskExecution()
        return Application(
            responder: boundary,
            server: HTTPServerBuilder { responder in
                DatabaseThreadChannel(
                    inner: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: idleTimeout)),
                    execution: execution)
            },
            configuration: .init(address: .hostname(kit.settings.host, port: kit.settings.port), serverName: nil),
            logger: logger)
    }

    /// The endpoints for operators, on the service's own port only. They are asked every few seconds, so they are
    /// neither logged nor counted.
    private static func operations(
        _ router: Router<BasicRequestContext>, _ kit: Kit, _ pipeline: Pipeline, _ readiness: Readiness
    ) {
        func get(_ path: RouterPath, _ answer: @escaping @Sendable () async -> Answer) {
            router.get(path) { request, context in
                let exchange = Exchange(request, context, endpoint: nil, surface: .operations, at: pipeline.clock.now)
                return pipeline.response(.whole(await answer()), exchange)
            }
        }
        get("/health/live") { .json(["ok": true]) }
        get("/health/ready") {
            let failing = await readiness.failing()
            return .json(
                [
                    "ready": .bool(failing.isEmpty), "failing": .array(failing.map { .string($0) }),
                    // The clock that deadlines follow.
                    "time": .string("\(pipeline.clock.now)"),
                ],
                status: failing.isEmpty ? 200 : 503)
        }
        get("/metrics") {
            Answer(
                headers: [("Content-Type", "text/plain; version=0.0.4")], body: Array(await kit.metrics.text().utf8))
        }
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
    /// Shorter than an orchestrator's own limit, which is a second or more.
    private static let patience = Duration.milliseconds(800)

    let database: Database
    let feed: RevocationFeed?

    /// The names of the parts that do not work.
    func failing() async -> [String] {
        var failing: [String] = []
        if await !databaseAnswers() { failing.append("postgresql") }
        if let feed, !feed.isConnected { failing.append("auth") }
        return failing
    }

    private func databaseAnswers() async -> Bool {
        await firstAnswer(within: Self.patience) {
            do {
                try await database.ping()
                return true
            } catch {
                return false
            }
        } ?? false
    }
}
