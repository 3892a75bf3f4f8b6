import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let webhooks: WebhookWorkflow
    let webhookDeliveries: WebhookDeliveryWorkflow
    /// Wakes those who follow the feed.
    let bell: StreamBell
    let feed: FeedWorkflow
    let notices: NoticeWorkflow
    let channels: ChannelWorkflow
    let deliveries: DeliveryEngine
    let pruning: EventPruning
    let departures: DepartureWorkflow
    let clearing: LineClearing
    let news: EventNews

    init(_ kit: Kit, _ settings: NotificationsSettings) {
        let (database, clock, http, egress) = (kit.database, kit.clock, kit.http, kit.settings.egress)
        let vault = SecretVault(key: settings.webhookKey ?? kit.settings.serviceSecret)
        let codes = ChannelCodes(secret: kit.settings.serviceSecret)
        let names = NameLookup(peers: kit.peers, logger: kit.logger)
        let home = kit.settings.clientURL
        let links = UnsubscribeLinks(publicURL: kit.settings.publicURL, secret: kit.settings.serviceSecret)
        clearing = LineClearing(database: database, clock: clock, scheduler: kit.scheduler)
        deliveries = DeliveryEngine(
            database: database, clock: clock, logger: kit.logger,
            sender: Sender(
                webhooks: WebhookSender(http: http, egress: egress, vault: vault, clock: clock),
                channels: ChannelSender(
                    http: http, egress: egress, settings: settings, codes: codes, links: links,
                    templates: settings.templates, names: names, home: home, clock: clock)),
            endings: WebhookEndings(clearing: clearing, logger: kit.logger),
            channelEndings: ChannelEndings(clearing: clearing, logger: kit.logger),
            pacing: Pacing(Pacing.providers(mailsPerSecond: settings.mailsPerSecond)))
        webhooks = WebhookWorkflow(database: database, egress: egress, vault: vault, clearing: clearing)
        webhookDeliveries = WebhookDeliveryWorkflow(database: database, wakeUp: deliveries.wakeUp)
        bell = StreamBell(FeedStore.channel, database: database, logger: kit.logger)
        feed = FeedWorkflow(database: database, bell: bell, names: names, home: home)
        notices = NoticeWorkflow(database: database, outbox: kit.outbox)
        channels = ChannelWorkflow(
            database: database, rule: ChannelRule(egress: egress, sandboxURL: kit.settings.sandboxURL),
            clearing: clearing, codes: settings.confirmsChannels ? codes : nil, links: links,
            wakeUp: deliveries.wakeUp)
        pruning = EventPruning(database: database, clock: clock)
        departures = DepartureWorkflow(database: database, clock: clock, scheduler: kit.scheduler, clearing: clearing)
        news = EventNews(clock: clock, wakeUp: deliveries.wakeUp, departures: departures, notices: notices)
    }
}
