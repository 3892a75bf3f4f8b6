import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import NotificationsService

/// The service without its server, on a separate database.
struct World: Sendable {
    let database: Database
    let clock: TestClock
    let engine: DeliveryEngine
    let webhooks: WebhookWorkflow
    let channels: ChannelWorkflow
    let scheduler: Scheduler
    let receiver: EventReceiver

    static let loopback = EgressGuard(allowing: ["127.0.0.0/8"].compactMap { CIDR($0) })

    /// Runs `body` with the engine running.
    ///
    /// - Parameters:
    ///   - egress: Where deliveries may go; webhooks are registered as if everything on this machine were open.
    ///   - environment: The service's settings.
    static func use(
        egress: EgressGuard = loopback, timeout: Duration = .seconds(10), environment: [String: String] = [:],
        sandboxURL: String? = nil, _ body: (World) async throws -> Void
    ) async throws {
        let development = environment.merging(["GUILDHALL_ENVIRONMENT": "development"]) { given, _ in given }
        try await TestDatabase.use(of: .notifications) { database in
            let http = OutboundHTTP(logger: .quiet, drainLimit: .milliseconds(10))
            let clock = TestClock()
            let vault = SecretVault(key: Secret("a key for tests, of 32 characters"))
            let engine = DeliveryEngine(
                database: database, clock: clock, logger: .quiet,
                sender: Sender(
                    webhooks: WebhookSender(http: http, egress: egress, vault: vault, clock: clock, timeout: timeout),
                    channels: ChannelSender(
                        http: http, egress: egress,
                        settings: try NotificationsSettings(SettingsReader(.notifications, development)),
                        clock: clock)))
            let world = World(
                database: database, clock: clock, engine: engine,
                webhooks: WebhookWorkflow(database: database, egress: loopback, vault: vault),
                channels: ChannelWorkflow(
                    database: database, rule: ChannelRule(egress: loopback, sandboxURL: sandboxURL)),
                scheduler: Scheduler(database: database, clock: clock, logger: .quiet),
                receiver: EventReceiver(database: database, clock: clock, logger: .quiet))
            let departures = DepartureWorkflow(database: database, clock: clock, scheduler: world.scheduler)
            departures.register()
            EventNews(clock: clock, wakeUp: engine.wakeUp, departures: departures).register(on: world.receiver)
            let running = Task { try await engine.run() }
            do {
                try await body(world)
            } catch {
                running.cancel()
                await http.shutdown()
                throw error
            }
            running.cancel()
            try await running.value
            await http.shutdown()
        }
    }

    @discardableResult
    func register(
        _ input: WebhookInput, by owner: AccountID
    ) async throws -> (webhook: Webhook, secret: WebhookSecret) {
        try await webhooks.create(input, by: owner, at: clock.now)
    }

    @discardableResult
    func add(_ input: ChannelInput, by owner: AccountID) async throws -> Channel {
        try await channels.create(input, by: owner, at: clock.now)
    }

    /// New events for `recipient`, received.
    ///
    /// - Parameter aggregate: What the events are about; by default each is about a new thing.
    @discardableResult
    func happen(
        _ name: EventName = .gigUpdated, to recipient: AccountID, times: Int = 1, of aggregate: EventAggregate? = nil
    ) async throws -> [EventEnvelope] {
        let events = (0..<times).map { number in
            EventEnvelope(
                id: .make(at: clock.now), name: name.rawValue, aggregate: aggregate ?? .make(at: clock.now),
                sequence: Int64(number + 1),
                recipients: [recipient], data: ["title": "Paint a fence", "rate_cents": 1234, "status": "active"],
                at: clock.now, requestID: "req-7")
        }
        try await receiver.take(events.map(\.json))
        return events
    }

    /// States of all deliveries, sorted.
    var states: [String] {
        get async throws {
            try await database.all("SELECT state FROM deliveries ORDER BY state") { try $0.decode("state") }
        }
    }

    struct Attempt: Equatable {
        let number: Int
        let at: Timestamp
        let status: Int?
        let body: String
        let error: String?
    }

    var attempts: [Attempt] {
        get async throws {
            try await database.all(
                "SELECT number, at, status, response_body, error FROM delivery_attempts ORDER BY delivery_id, number"
            ) { row in
                Attempt(
                    number: Int(try row.decode("number", as: Int32.self)), at: try row.decode("at"),
                    status: try row.decode("status", as: Int32?.self).map(Int.init),
                    body: try row.decode("response_body"),
                    error: try row.decode("error"))
            }
        }
    }
}
