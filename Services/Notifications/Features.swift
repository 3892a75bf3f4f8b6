import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let webhooks: WebhookWorkflow
    let channels: ChannelWorkflow
    let deliveries: DeliveryEngine
    let pruning: EventPruning
    let departures: DepartureWorkflow
    let news: EventNews

    init(_ kit: Kit, _ settings: NotificationsSettings) {
        let (database, clock, http, egress) = (kit.database, kit.clock, kit.http, kit.settings.egress)
        let vault = SecretVault(key: settings.webhookKey ?? kit.settings.serviceSecret)
        deliveries = DeliveryEngine(
            database: database, clock: clock, logger: kit.logger,
            sender: Sender(
                webhooks: WebhookSender(http: http, egress: egress, vault: vault, clock: clock),
                channels: ChannelSender(http: http, egress: egress, settings: settings, clock: clock)))
        webhooks = WebhookWorkflow(database: database, egress: egress, vault: vault)
        channels = ChannelWorkflow(
            database: database, rule: ChannelRule(egress: egress, sandboxURL: kit.settings.sandboxURL))
        pruning = EventPruning(database: database, clock: clock)
        departures = DepartureWorkflow(database: database, clock: clock, scheduler: kit.scheduler)
        news = EventNews(clock: clock, wakeUp: deliveries.wakeUp, departures: departures)
    }
}
