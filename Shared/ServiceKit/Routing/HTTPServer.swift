import Postgres
import SharedModels

/// Assembles the server of a service: its routes, and the listener that asks them.
enum HTTPServer {
    /// - Parameters:
    ///   - declared: The endpoints that must each have a handler.
    ///   - port: The port instead of that of the settings, for tests.
    /// - Throws: ``RouteMismatch`` when one has no handler, or another endpoint has one.
    static func listener(
        _ kit: Kit, _ pipeline: Pipeline, _ readiness: Readiness, declared: [SharedModels.Operation],
        port: Int? = nil, limits: ServingLimits = ServingLimits(),
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) throws -> HTTPListener {
        var table = RouteTable()
        for route in try kit.routes.complete(for: kit.settings.service, declared: declared) {
            let metrics = kit.metrics.requests(of: route.operation.id)
            table.add(route.operation.method, route.operation.path) {
                await pipeline.respond($0, $1, route, metrics)
            }
        }
        for route in kit.rawRoutes.all {
            let metrics = kit.metrics.requests(of: route.name)
            table.add(route.method, route.path) { await pipeline.respond($0, $1, route, metrics) }
        }
        operations(&table, kit, pipeline, readiness)
        let boundary = Boundary(
            table: table, pipeline: pipeline, operations: declared, metrics: kit.metrics.requests(of: "none"),
            sockets: try kit.sockets.servers(kit, pipeline), socketMetrics: kit.metrics.requests(of: "sockets"))
        return HTTPListener(
            host: kit.settings.host, port: port ?? kit.settings.port, limits: limits,
            execution: try kit.database.taskExecution(), onListening: onListening,
            refuse: { boundary.refuse($0) }, respond: { await boundary.respond(to: $0) })
    }

    /// The endpoints for operators, on the service's own port only. They are asked every few seconds, so they are
    /// neither logged nor counted.
    private static func operations(
        _ table: inout RouteTable, _ kit: Kit, _ pipeline: Pipeline, _ readiness: Readiness
    ) {
        func get(_ path: String, _ answer: @escaping @Sendable () async -> Answer) {
            table.add(.get, path) { request, parameters in
                let exchange = Exchange(
                    RequestHead(request, parameters), endpoint: nil, surface: .operations, at: pipeline.clock.now)
                return pipeline.response(.whole(await answer()), exchange)
            }
        }
        get("/health/live") { .json(["ok": true]) }
        get("/health/ready") {
            let failing = await readiness.failing()
            var answer = Answer.json(
                [
                    "ready": .bool(failing.isEmpty), "failing": .array(failing.map { .string($0) }),
                    // The clock that deadlines follow.
                    "time": .string("\(pipeline.clock.now)"),
                ],
                status: failing.isEmpty ? 200 : 503)
            if !failing.isEmpty { answer.headers.append(Pipeline.retryAfter(Pipeline.usualWait)) }
            return answer
        }
        get("/metrics") {
            Answer(
                headers: [("Content-Type", "text/plain; version=0.0.4")], body: Array(await kit.metrics.text().utf8))
        }
    }
}

/// Whether the service can do its work.
struct Readiness: Sendable {
    /// Shorter than an orchestrator's own limit, which is a second or more.
    private static let patience = Duration.milliseconds(800)

    let database: Database
    let feed: RevocationFeed?
    var requirements = Requirements()

    /// The names of the parts that do not work.
    func failing() async -> [String] {
        var failing: [String] = []
        if await !databaseAnswers() { failing.append("postgresql") }
        if let feed, !feed.isConnected { failing.append("auth") }
        failing += requirements.failing
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
