import Foundation
import Logging
import OutboundHTTP
import ServiceLifecycle
import SharedModels
import UnixSignals

/// The parts that a service without a database is composed from.
package struct StatelessKit: Sendable {
    package let settings: StatelessSettings
    package let clock: any DomainClock
    package let http: OutboundHTTP
    package let rawRoutes: RawRoutes
    package let metrics: MetricsRegistry
    package let logger: Logger

    package init(
        settings: StatelessSettings, clock: any DomainClock, http: OutboundHTTP, logger: Logger,
        metrics: MetricsRegistry = MetricsRegistry()
    ) {
        (self.settings, self.clock, self.http, self.logger) = (settings, clock, http, logger)
        self.metrics = metrics
        rawRoutes = RawRoutes()
    }
}

extension Microservice {
    /// Reads the settings, composes the service and serves until SIGTERM, as ``run(_:settings:migrations:compose:)``
    /// does, for a service without a database and without the secret of the services.
    package static func runStateless<Settings: Sendable>(
        _ service: ServiceName,
        settings makeSettings: @Sendable (SettingsReader) throws -> Settings,
        compose: @Sendable (StatelessKit, Settings) async throws -> Void
    ) async {
        await start(service) { reader, metrics in
            let common = try StatelessSettings(reader)
            let settings = try makeSettings(reader)
            LoggingSystem.bootstrap { _ in JSONLogHandler(label: service.rawValue, level: common.logLevel) }
            let logger = Logger(label: service.rawValue)
            let http = OutboundHTTP(logger: logger)
            let clock = FollowingClock(sandboxURL: common.sandboxURL, http: http, logger: logger)
            try await clock.catchUp()
            let kit = StatelessKit(settings: common, clock: clock, http: http, logger: logger, metrics: metrics)
            try await compose(kit, settings)
            OutboundMetrics.register(http, metrics)
            logger.info("service starting", metadata: ["port": "\(common.port)"])
            let services: [any Service] = [http, clock, StatelessServer.listener(kit)]
            try await group(services, endingWith: [.sigterm, .sigint], logger: logger).run()
        }
    }
}
