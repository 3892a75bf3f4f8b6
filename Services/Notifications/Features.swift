import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let webhooks: WebhookWorkflow
    let webhookDeliveries: WebhookDeliveryWorkflow
    /// Wakes those who follow the feed.
    let bell: StreamBell
    let feed: FeedWorkflow
    let reading: ReadingWorkflow
    let notices: NoticeWorkflow
    let imports: NoticeImportWorkflow
    let channels: ChannelWorkflow
    let codes: ChannelCodes
    let deliveries: DeliveryEngine
    let pruning: EventPruning
    let departures: DepartureWorkflow
    let blocking: BlockingWorkflow
    let clearing: LineClearing
    let news: NotificationsNews

    /// How deliveries are sent.
    struct Sending: Sendable {
        let egress: EgressGuard
        let timeout: Duration
        let pacing: Pacing
        /// After this time another process takes over from one that died.
        let lease: Duration

        init(
            egress: EgressGuard, timeout: Duration = WebhookSender.timeout, pacing: Pacing,
            lease: Duration = SenderLease.length
        ) {
            (self.egress, self.timeout, self.pacing, self.lease) = (egress, timeout, pacing, lease)
        }

        init(_ settings: NotificationsSettings, _ common: CommonSettings) {
            self.init(
                egress: common.egress, pacing: Pacing(Pacing.providers(mailsPerSecond: settings.mailsPerSecond)))
        }
    }

    init(_ kit: Kit, _ settings: NotificationsSettings) {
        self.init(
            settings, kit.settings, sending: .init(settings, kit.settings), database: kit.database, clock: kit.clock,
            outbox: kit.outbox, scheduler: kit.scheduler, http: kit.http,
            names: NameLookup(peers: kit.peers, database: kit.database, logger: kit.logger), logger: kit.logger)
    }

    init(
        _ settings: NotificationsSettings, _ common: CommonSettings, sending: Sending, database: Database,
        clock: any DomainClock, outbox: Outbox, scheduler: Scheduler, http: OutboundHTTP, names: NameLookup,
        logger: Logger
    ) {
        let vault = SecretVault(key: settings.webhookKey ?? common.serviceSecret)
        codes = ChannelCodes(secret: common.serviceSecret)
        let home = common.clientURL
        let links = UnsubscribeLinks(publicURL: common.publicURL, secret: common.serviceSecret)
        clearing = LineClearing(database: database, clock: clock, scheduler: scheduler)
        deliveries = DeliveryEngine(
            database: database, clock: clock, logger: logger,
            sender: Sender(
                webhooks: WebhookSender(
                    http: http, egress: sending.egress, vault: vault, clock: clock, timeout: sending.timeout),
                channels: ChannelSender(
                    http: http, egress: sending.egress, settings: settings, codes: codes, links: links,
                    templates: settings.templates, names: names, home: home, clock: clock)),
            endings: WebhookEndings(clearing: clearing, logger: logger),
            channelEndings: ChannelEndings(clearing: clearing, logger: logger), pacing: sending.pacing,
            lease: sending.lease)
        webhooks = WebhookWorkflow(database: database, egress: common.egress, vault: vault, clearing: clearing)
        webhookDeliveries = WebhookDeliveryWorkflow(database: database, wakeUp: deliveries.wakeUp)
        bell = StreamBell(FeedStore.channel, database: database, logger: logger)
        feed = FeedWorkflow(database: database, bell: bell, names: names, home: home)
        reading = ReadingWorkflow(database: database)
        notices = NoticeWorkflow(database: database, outbox: outbox)
        imports = NoticeImportWorkflow(database: database, clock: clock)
        channels = ChannelWorkflow(
            database: database, rule: ChannelRule(egress: common.egress, sandboxURL: common.sandboxURL),
            clearing: clearing, codes: settings.confirmsChannels ? codes : nil, links: links,
            wakeUp: deliveries.wakeUp)
        pruning = EventPruning(database: database, clock: clock)
        departures = DepartureWorkflow(database: database, clock: clock, scheduler: scheduler, clearing: clearing)
        blocking = BlockingWorkflow(database: database, clock: clock, scheduler: scheduler, clearing: clearing)
        news = NotificationsNews(
            clock: clock, wakeUp: deliveries.wakeUp, departures: departures, blocking: blocking, notices: notices)
    }
}
