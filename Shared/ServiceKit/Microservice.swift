import CoreMetrics
import Foundation
import Logging
import OutboundHTTP
import Postgres
import ServiceLifecycle
import SharedModels
import UnixSignals

/// Starts, serves and stops a service.
package enum Microservice {
    /// How long a shutdown may take. Requests in flight finish, then the process ends.
    static let shutdownLimit = Duration.seconds(10)
    /// How long a name server may be silent (resolv.conf(5)): two seconds in all, not ten. The thread of the connections waits
    /// for the lookup of PostgreSQL's name.
    private static let resolverOptions = "timeout:1 attempts:2"

    /// Reads the settings, opens the database, migrates it, composes the service and serves until SIGTERM.
    ///
    /// With `--settings` it only prints the declared settings of the service, as JSON; with `--version` its version.
    ///
    /// Ends the process: status 0 after a graceful shutdown, 1 when it could not start, with one line that says why.
    package static func run<Settings: Sendable>(
        _ service: ServiceName,
        settings makeSettings: @Sendable (SettingsReader) throws -> Settings,
        migrations: Bundle,
        compose: @Sendable (Kit, Settings) async throws -> Void
    ) async {
        await start(service) { reader, metrics in
            let common = try CommonSettings(reader)
            let settings = try makeSettings(reader)
            LoggingSystem.bootstrap { _ in JSONLogHandler(label: service.rawValue, level: common.logLevel) }
            try await serve(common, metrics, migrations: migrations) { kit in try await compose(kit, settings) }
        }
    }

    /// Serves until SIGTERM and ends the process, or says in one line why it cannot.
    static func start(
        _ service: ServiceName, _ serve: @Sendable (SettingsReader, MetricsRegistry) async throws -> Void
    ) async {
        if CommandLine.arguments.dropFirst().first == "--settings" {
            print(String(decoding: ConfigurationDocument.json(of: service).bytes, as: UTF8.self))
            exit(0)
        }
        if CommandLine.arguments.dropFirst().first == "--version" {
            print("guildhall-\(service.rawValue) \(Release.version)")
            exit(0)
        }
        Threads.arrange()
        Memory.arrange()
        // What the operator has set wins. No other thread reads the environment yet.
        setenv("RES_OPTIONS", resolverOptions, 0)
        do {
            let reader = try SettingsReader(service, ProcessInfo.processInfo.environment)
            let metrics = MetricsRegistry()
            MetricsSystem.bootstrap(metrics)
            try await serve(reader, metrics)
            end(0)
        } catch {
            LogOutput.standard.flush()
            FileHandle.standardError.write(Data("guildhall-\(service.rawValue): cannot start: \(error)\n".utf8))
            end(1)
        }
    }

    /// Ends the process without what libraries do at its exit: OpenSSL frees what a thread needs that is just connecting to
    /// PostgreSQL or to a provider, and the process could crash instead.
    private static func end(_ status: Int32) -> Never {
        LogOutput.standard.flush()
        fflush(nil)
        _exit(status)
    }

    private static func serve(
        _ settings: CommonSettings, _ metrics: MetricsRegistry, migrations: Bundle,
        compose: (Kit) async throws -> Void
    ) async throws {
        let logger = Logger(label: settings.service.rawValue)
        let http = OutboundHTTP(
            logger: logger,
            refuseWhen: { Transaction.isOpen || CommitScope.current?.hasOpenTransaction == true })
        let clock = FollowingClock(
            sandboxURL: settings.service == .sandbox ? nil : settings.sandboxURL, http: http, logger: logger)
        try await clock.catchUp()
        let database = try await openDatabase(settings, migrations, logger)
        let tokens = ServiceTokens(secret: settings.serviceSecret, issuer: settings.service)
        let peers = Peers(addresses: settings.peers, tokens: tokens, http: http)
        let outbox = Outbox(database: database, clock: clock)
        let scheduler = Scheduler(database: database, clock: clock, logger: logger)
        let kit = Kit(
            settings: settings, database: database, clock: clock, http: http, peers: peers, outbox: outbox,
            events: EventReceiver(database: database, clock: clock, logger: logger), scheduler: scheduler,
            deadLetters: DeadLetters(database: database, clock: clock), routes: Routes(),
            rawRoutes: RawRoutes(),
            metrics: metrics, logger: logger)
        let resolver = CredentialResolver(
            ask: { try await peers.call(Endpoints.authInternal.resolveCredential, $0, deadline: .seconds(5)) },
            clock: clock, logger: logger, patience: RevocationFeed.patience)
        let feed = RevocationFeed(resolver: resolver, peers: peers, http: http, logger: logger)
        try await compose(kit)
        try kit.events.register(on: kit.routes, for: settings.service)
        if let work = Endpoints.work(of: settings.service) { kit.routes.handle(work) { _, _ in await kit.work() } }
        let relay = OutboxRelay(outbox: outbox, logger: logger) { destination, batch in
            _ = try await peers.call(Endpoints.receiveEvents(destination), batch)
        }
        let pipeline = Pipeline(kit, resolver: resolver, tokens: tokens)
        let readiness = Readiness(
            database: database, feed: settings.service == .sandbox ? nil : feed,
            requirements: kit.requirements)
        let listener = try HTTPServer.listener(
            kit, pipeline, readiness, declared: Catalogue.operations(of: settings.service))
        var services: [any Service] = [http, database, clock]
        if settings.service != .sandbox {
            let telling = KeyRequestTelling(log: pipeline.keyRequests, logger: logger) {
                _ = try await peers.call(
                    Endpoints.authInternal.keyRequests, KeyRequestNotes($0), deadline: .seconds(3))
            }
            let places = PlaceTelling(places: resolver.places, logger: logger) {
                _ = try await peers.call(Endpoints.authInternal.returnPlaces, $0, deadline: .seconds(5))
            }
            services += [feed, relay, resolver.streams, telling, places]
        }
        kit.events.inbox.register(on: scheduler)
        kit.deadLetters.register(on: scheduler, receiver: kit.events)
        pipeline.idempotency.register(on: scheduler)
        services += [scheduler] + kit.extras.all + [listener]
        DatabaseMetrics.register(kit)
        OutboundMetrics.register(kit.http, kit.metrics)
        kit.metrics.gauge("streams_open", "Streams of events that callers follow") { Double(resolver.streams.count) }
        logger.info("service starting", metadata: ["port": "\(settings.port)"])
        try await group(services, endingWith: [.sigterm, .sigint], logger: logger).run()
    }

    /// Migrates as the owner of the tables, who then grants the service's own role what it may do.
    private static func migrate(
        _ database: Database, _ settings: CommonSettings, _ migrations: Bundle, _ logger: Logger
    ) async throws -> [String] {
        let migrators = [
            try Migrator(SharedMigrations.all, series: "kit"),
            try Migrator(directory: migrations.bundleURL.appendingPathComponent("Migrations")),
        ]
        guard let url = settings.databaseOwnerURL else { return try await applied(migrators, to: database) }
        let role: String = try await database.one("SELECT current_user::text AS role") { try $0.decode("role") }
        let owner = Database(.init(url: url.reveal()), logger: logger)
        do {
            try await owner.connect()
            let applied = try await applied(migrators, to: owner)
            try await owner.transaction { try await $0.execute("SELECT grant_to_service(\(role)::name)") }
            await owner.close()
            return applied
        } catch {
            await owner.close()
            if case PostgresError.misuse = error {
                throw BadSetting("DATABASE_OWNER_URL", "is not a libpq connection URL")
            }
            throw error
        }
    }

    private static func applied(_ migrators: [Migrator], to database: Database) async throws -> [String] {
        var names: [String] = []
        for migrator in migrators { names += try await migrator.migrate(database) }
        return names
    }

    /// Services that are shut down one after another, the last first, within `limit` in all. After that, the rest is
    /// cancelled.
    static func group(
        _ services: [any Service], endingWith signals: [UnixSignal], within limit: Duration = shutdownLimit,
        logger: Logger
    ) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: signals, logger: logger)
        configuration.maximumGracefulShutdownDuration = limit
        return ServiceGroup(configuration: configuration)
    }

    /// - Throws: ``BadSetting`` when the URL cannot be read, the database's errors when no connection can be made.
    static func openDatabase(_ settings: CommonSettings, _ migrations: Bundle, _ logger: Logger) async throws
        -> Database
    {
        var configuration = Database.Configuration(url: settings.databaseURL.reveal())
        configuration.pipelinedConnections = settings.pipelinedConnections
        configuration.transactionConnections = settings.transactionConnections
        configuration.applicationName = "guildhall-\(settings.service.rawValue)"
        let database = Database(configuration, logger: logger)
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do {
                try await database.connect()
                let applied = try await migrate(database, settings, migrations, logger)
                if !applied.isEmpty {
                    logger.info("migrations applied", metadata: ["names": "\(applied.joined(separator: ", "))"])
                }
                return database
            } catch PostgresError.misuse {
                throw BadSetting("DATABASE_URL", "is not a libpq connection URL")
            } catch let error where ErrorMapping.isPassing(error) && ContinuousClock.now < end {
                // PostgreSQL stops or starts just now. A migration that was under way is found done, or is done again.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}
