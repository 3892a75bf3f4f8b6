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
    /// Makes another engine on the same database, as a second process has it.
    let replica: @Sendable () -> DeliveryEngine
    let webhooks: WebhookWorkflow
    let deliveries: WebhookDeliveryWorkflow
    let vault: SecretVault
    let feed: FeedWorkflow
    let notices: NoticeWorkflow
    let bell: StreamBell
    let channels: ChannelWorkflow
    let codes: ChannelCodes
    let scheduler: Scheduler
    let receiver: EventReceiver

    /// The web client.
    static let home = "https://app.example"
    static let loopback = EgressGuard(allowing: ["127.0.0.0/8"].compactMap { CIDR($0) })

    /// Runs `body` with the engine running.
    ///
    /// - Parameters:
    ///   - egress: Where deliveries may go; webhooks are registered as if everything on this machine were open.
    ///   - environment: The service's settings.
    ///   - people: Whom talent knows.
    ///   - pacing: How often providers take messages; as often as they come, by default.
    static func use(
        egress: EgressGuard = loopback, timeout: Duration = .seconds(10), environment: [String: String] = [:],
        sandboxURL: String? = nil, people: [Person] = [],
        pacing: Pacing = Pacing(), _ body: (World) async throws -> Void
    ) async throws {
        let development = environment.merging(
            ["GUILDHALL_ENVIRONMENT": "development", "CHANNEL_CONFIRMATION": "off"]
        ) { given, _ in given }
        let settings = try NotificationsSettings(SettingsReader(.notifications, development))
        let links = UnsubscribeLinks(
            publicURL: "https://guildhall.example",
            secret: RotatingSecret(Secret("a key for tests, of 32 characters")))
        let codes = ChannelCodes(secret: RotatingSecret(Secret("a key for tests, of 32 characters")))
        try await TestDatabase.use(of: .notifications) { database in
            let http = OutboundHTTP(logger: .quiet, drainLimit: .milliseconds(10))
            let clock = TestClock()
            let vault = SecretVault(key: RotatingSecret(Secret("a key for tests, of 32 characters")))
            let scheduler = Scheduler(database: database, clock: clock, logger: .quiet)
            let clearing = LineClearing(database: database, clock: clock, scheduler: scheduler)
            clearing.register()
            let names = NameLookup(logger: .quiet) { asked in people.filter { asked.contains($0.userID) } }
            let sender = Sender(
                webhooks: WebhookSender(http: http, egress: egress, vault: vault, clock: clock, timeout: timeout),
                channels: ChannelSender(
                    http: http, egress: egress,
                    settings: settings, codes: codes, links: links, templates: settings.templates, names: names,
                    home: home, clock: clock))
            let replica: @Sendable () -> DeliveryEngine = {
                DeliveryEngine(
                    database: database, clock: clock, logger: .quiet, sender: sender,
                    endings: WebhookEndings(clearing: clearing, logger: .quiet),
                    channelEndings: ChannelEndings(clearing: clearing, logger: .quiet), pacing: pacing)
            }
            let engine = replica()
            let bell = StreamBell(FeedStore.channel, database: database, logger: .quiet)
            let world = World(
                database: database, clock: clock, engine: engine, replica: replica,
                webhooks: WebhookWorkflow(database: database, egress: loopback, vault: vault, clearing: clearing),
                deliveries: WebhookDeliveryWorkflow(database: database, wakeUp: engine.wakeUp), vault: vault,
                feed: FeedWorkflow(database: database, bell: bell, names: names, home: home),
                notices: NoticeWorkflow(database: database, outbox: Outbox(database: database, clock: clock)),
                bell: bell,
                channels: ChannelWorkflow(
                    database: database, rule: ChannelRule(egress: loopback, sandboxURL: sandboxURL),
                    clearing: clearing, codes: settings.confirmsChannels ? codes : nil, links: links,
                    wakeUp: engine.wakeUp),
                codes: codes, scheduler: scheduler,
                receiver: EventReceiver(database: database, clock: clock, logger: .quiet))
            let departures = DepartureWorkflow(
                database: database, clock: clock, scheduler: world.scheduler, clearing: clearing)
            departures.register()
            EventNews(clock: clock, wakeUp: engine.wakeUp, departures: departures, notices: world.notices)
                .register(on: world.receiver)
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

extension Reader {
    static let anybody = Reader(account: .make(at: .start), language: .english)
}
