import Logging
import OutboundHTTP
import Postgres
import ServiceLifecycle
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// A service of made-up things, put together like the real ones, on a separate database and port.
struct TestService: Sendable {
    static let clientURL = "https://app.example"
    static let publicURL = "https://api.example"
    static let secret = String(repeating: "s", count: 40)

    let database: Database
    let clock = TestClock()
    let auth: FakeAuth
    let resolver: CredentialResolver
    let tokens = ServiceTokens(secret: RotatingSecret(Secret(secret)), issuer: .messages)
    let things: ThingRoutes
    let echo = EchoRoom()
    let log = TestLog.shared
    let kit: Kit
    private let pipeline: Pipeline
    private let listening = Shared(0)
    private let limits: ServingLimits
    private let serving = Shared(HTTPListener?.none)

    var port: Int { listening.value }
    var openConnections: Int { serving.value?.openConnections ?? 0 }
    var isLeaving: Bool { serving.value?.isLeaving ?? false }
    var url: String { "http://127.0.0.1:\(port)" }
    var http: OutboundHTTP { kit.http }
    var metrics: MetricsRegistry { kit.metrics }
    var idempotency: Idempotency { pipeline.idempotency }
    var keyRequests: KeyRequestLog { pipeline.keyRequests }

    /// The database that most tests share, because each test has its own accounts.
    private static let shared = Task { try await TestDatabase.make(migrations: migrations()) }

    private static func migrations() throws -> Migrator {
        try Migrator(SharedMigrations.all + [ThingStore.migration])
    }

    /// Runs `body` beside a service, and shuts the service down afterwards.
    static func use(
        limits: ServingLimits = ServingLimits(), _ body: (TestService) async throws -> Void
    ) async throws {
        try await useUntilItLeaves(limits: limits) { service, _ in try await body(service) }
    }

    /// The same for a test that looks at whole tables, or ends the database.
    static func useAlone(_ body: (TestService) async throws -> Void) async throws {
        try await TestDatabase.use(migrations: migrations()) { database in
            try await run(on: database, within: Microservice.shutdownLimit) { service, _ in
                try await body(service)
            }
        }
    }

    /// - Parameters:
    ///   - limit: The longest time that the service takes to stop.
    ///   - body: Gets the service, and a way to tell it to stop.
    static func useUntilItLeaves(
        within limit: Duration = Microservice.shutdownLimit, limits: ServingLimits = ServingLimits(),
        _ body: (TestService, _ leave: @escaping @Sendable () async -> Void) async throws -> Void
    ) async throws {
        try await run(on: try await shared.value, within: limit, limits: limits, body)
    }

    private static func run(
        on database: Database, within limit: Duration, limits: ServingLimits = ServingLimits(),
        _ body: (TestService, _ leave: @escaping @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let service = try TestService(database, limits)
        let group = Microservice.group(
            [service.http, try service.listener()], endingWith: [], within: limit, logger: .quiet)
        let running = Task { try await group.run() }
        try await eventually("the service listens") { service.port != 0 }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(service) { await group.triggerGracefulShutdown() })
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        try result.get()
    }

    private init(_ database: Database, _ limits: ServingLimits) throws {
        self.limits = limits
        self.database = database
        let output = log.output
        let logger = Logger(label: "messages") { JSONLogHandler(label: $0, level: .info, output: output) }
        let settings = try CommonSettings(
            SettingsReader(
                .messages,
                [
                    "DATABASE_URL": "postgresql://unused", "SERVICE_SECRET": Self.secret,
                    "CLIENT_URL": Self.clientURL, "PUBLIC_URL": Self.publicURL,
                ]))
        let http = OutboundHTTP(logger: .quiet)
        let auth = FakeAuth(clock)
        self.auth = auth
        resolver = CredentialResolver(ask: { try auth.answer($0) }, clock: clock, logger: .quiet)
        resolver.trust(true)
        things = ThingRoutes(database: database)
        kit = Kit(
            settings: settings, database: database, clock: clock, http: http,
            peers: Peers(addresses: settings.peers, tokens: tokens, http: http),
            outbox: Outbox(database: database, clock: clock),
            events: EventReceiver(database: database, clock: clock, logger: .quiet),
            scheduler: Scheduler(database: database, clock: clock, logger: .quiet),
            deadLetters: DeadLetters(database: database, clock: clock), routes: Routes(),
            rawRoutes: RawRoutes(), metrics: MetricsRegistry(), logger: logger)
        things.register(on: kit.routes)
        things.register(on: kit.rawRoutes)
        kit.sockets.serve(echo, at: "/socket.io/")
        DocumentRoutes(kit).register(on: kit.routes)
        DatabaseMetrics.register(kit)
        OutboundMetrics.register(kit.http, kit.metrics)
        pipeline = Pipeline(kit, resolver: resolver, tokens: tokens, log: output)
    }

    private func listener() throws -> any Service {
        let feed = RevocationFeed(resolver: resolver, peers: kit.peers, http: kit.http, logger: .quiet)
        let documents = [
            Endpoints.health.openAPI.operation, Endpoints.health.docs.operation, Endpoints.health.guide.operation,
            Endpoints.health.skill.operation,
        ]
        let listener = try HTTPServer.listener(
            kit, pipeline, Readiness(database: database, feed: feed, requirements: kit.requirements),
            declared: Things.all + documents, port: 0,
            limits: limits, onListening: { [listening] port in listening.change { $0 = port } })
        serving.change { $0 = listener }
        return listener
    }
}
