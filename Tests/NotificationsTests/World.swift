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
    let scheduler: Scheduler
    let receiver: EventReceiver
    let features: Features
    /// Makes another engine on the same database, as a second process has it.
    let replica: @Sendable () -> DeliveryEngine

    var engine: DeliveryEngine { features.deliveries }
    var webhooks: WebhookWorkflow { features.webhooks }
    var deliveries: WebhookDeliveryWorkflow { features.webhookDeliveries }
    var feed: FeedWorkflow { features.feed }
    var notices: NoticeWorkflow { features.notices }
    var bell: StreamBell { features.bell }
    var channels: ChannelWorkflow { features.channels }
    var codes: ChannelCodes { features.codes }

    /// The web client.
    static let home = "https://app.example"
    static let loopback = EgressGuard(allowing: ["127.0.0.0/8"].compactMap { CIDR($0) })

    private static let settings = [
        "GUILDHALL_ENVIRONMENT": "development", "CHANNEL_CONFIRMATION": "off", "CLIENT_URL": home,
        "PUBLIC_URL": "https://guildhall.example", "SERVICE_SECRET": "a key for tests of 32 characters or more",
        "EGRESS_ALLOW": "127.0.0.0/8", "DATABASE_URL": "postgresql://127.0.0.1/unused",
    ]

    /// Runs `body` with the engine running.
    ///
    /// - Parameters:
    ///   - egress: Where deliveries may go; webhooks are registered as if everything on this machine were open.
    ///   - timeout: How long a delivery may take.
    ///   - environment: More settings.
    ///   - people: Whom talent knows.
    ///   - pacing: How often providers take messages; as often as they come, by default.
    static func use(
        egress: EgressGuard = loopback, timeout: Duration = .seconds(180), environment: [String: String] = [:],
        sandboxURL: String? = nil, people: [Person] = [],
        pacing: Pacing = Pacing(), _ body: (World) async throws -> Void
    ) async throws {
        var given = settings.merging(environment) { _, given in given }
        if let sandboxURL { given["SANDBOX_URL"] = sandboxURL }
        let reader = try SettingsReader(.notifications, given)
        let (own, common) = (try NotificationsSettings(reader), try CommonSettings(reader))
        try await TestKit.use(of: .notifications) { kit in
            let names = NameLookup(database: kit.database, logger: .quiet) { asked in
                people.filter { asked.contains($0.userID) }
            }
            let make: @Sendable () -> Features = {
                Features(
                    own, common, sending: .init(egress: egress, timeout: timeout, pacing: pacing, lease: .minutes(5)),
                    database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
                    http: kit.http, names: names, logger: .quiet)
            }
            let features = make()
            features.clearing.register(on: kit.scheduler)
            features.departures.register(on: kit.scheduler)
            features.blocking.register(on: kit.scheduler)
            features.news.register(on: kit.events)
            let world = World(
                database: kit.database, clock: kit.clock, scheduler: kit.scheduler, receiver: kit.events,
                features: features, replica: { make().deliveries })
            let running = Task { try await features.deliveries.run() }
            do {
                try await body(world)
            } catch {
                running.cancel()
                throw error
            }
            running.cancel()
            try await running.value
        }
    }

    /// An account chooses its language.
    func choose(_ language: Language, by owner: AccountID) async throws {
        try await ReadingStore().save(language, of: owner, at: clock.now, in: database)
    }

    @discardableResult
    func register(
        _ input: WebhookInput, by owner: AccountID
    ) async throws -> (webhook: Webhook, secret: WebhookSecret) {
        try await webhooks.create(WebhookDraft(input), by: owner, at: clock.now)
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
        _ name: EventName = .gigUpdated, to recipient: AccountID, times: Int = 1, of aggregate: EventAggregate? = nil,
        data: JSONValue = ["title": "Paint a fence", "rate_cents": 1234, "status": "active"]
    ) async throws -> [EventEnvelope] {
        let events = (0..<times).map { number in
            EventEnvelope(
                id: .make(at: clock.now), name: name.rawValue, aggregate: aggregate ?? .make(at: clock.now),
                sequence: Int64(number + 1),
                recipients: [recipient], data: data, at: clock.now, requestID: "req-7")
        }
        try await receiver.take(events.map(\.json))
        return events
    }

    /// States of all deliveries, sorted.
    var states: [String] {
        get async throws {
            try await database.all(
                """
                SELECT state FROM deliveries UNION ALL SELECT 'pending' FROM pending_deliveries ORDER BY state
                """
            ) { try $0.decode("state") }
        }
    }

    /// Lets the time pass after which removed and disabled lines are cleared, and waits for it.
    func clear(until what: String, _ condition: () async throws -> Bool) async throws {
        clock.advance(by: LineClearing.after)
        try await scheduler.run(until: what, condition)
    }

    /// When the line of an account's only webhook or channel is due.
    var nextDue: Timestamp? {
        get async throws {
            try await database.one("SELECT due_at FROM lines WHERE holder IS NULL") { try $0.decode("due_at") }
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
                """
                SELECT delivery_id, number, at, status, response_body, error FROM delivery_attempts
                UNION ALL
                SELECT id, attempt_count, last_at, last_status, last_body, last_error FROM deliveries
                 WHERE last_at IS NOT NULL
                 ORDER BY delivery_id, number
                """
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

extension Reader {
    static let anybody = Reader(account: .make(at: .start), language: .english)
}
