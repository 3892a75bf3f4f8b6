import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.notifications, settings: NotificationsSettings.init, migrations: .module) {
            kit, settings in
            let vault = SecretVault(key: settings.webhookKey ?? kit.settings.serviceSecret)
            let engine = DeliveryEngine(
                database: kit.database, clock: kit.clock, logger: kit.logger,
                sender: Sender(
                    webhooks: WebhookSender(
                        http: kit.http, egress: kit.settings.egress, vault: vault, clock: kit.clock),
                    channels: ChannelSender(
                        http: kit.http, egress: kit.settings.egress, settings: settings, clock: kit.clock)))
            WebhookRoutes(
                workflow: WebhookWorkflow(database: kit.database, egress: kit.settings.egress, vault: vault)
            ).register(on: kit.routes)
            ChannelRoutes(
                workflow: ChannelWorkflow(
                    database: kit.database,
                    rule: ChannelRule(egress: kit.settings.egress, sandboxURL: kit.settings.sandboxURL))
            ).register(on: kit.routes)
            let departures = DepartureWorkflow(
                database: kit.database, clock: kit.clock, scheduler: kit.scheduler)
            departures.register()
            EventNews(clock: kit.clock, wakeUp: engine.wakeUp, departures: departures).register(on: kit.events)
            EventPruning(database: kit.database, clock: kit.clock).register(on: kit.scheduler)
            kit.background(engine)
        }
    }
}
