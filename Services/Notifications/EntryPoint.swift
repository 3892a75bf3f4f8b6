import Foundation
import ServiceKit
import SharedModels

/// Notifications owns the feed of events, and tells webhooks and channels of them.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.notifications, settings: NotificationsSettings.init, migrations: .module) {
            kit, settings in
            let features = Features(kit, settings)

            WebhookRoutes(workflow: features.webhooks, deliveries: features.webhookDeliveries).register(on: kit.routes)
            SkillSyncWebhookRoutes(workflow: features.webhooks, deliveries: features.webhookDeliveries)
                .register(on: kit.routes)
            FeedRoutes(workflow: features.feed).register(on: kit.routes)
            ReadingRoutes(workflow: features.reading).register(on: kit.routes)
            NoticeRoutes(workflow: features.notices).register(on: kit.routes)
            NoticeImportRoutes(workflow: features.imports).register(on: kit.routes)
            ChannelRoutes(workflow: features.channels).register(on: kit.routes)
            UnsubscribeRoutes(workflow: features.channels).register(on: kit.routes)

            features.news.register(on: kit.events)
            features.departures.register(on: kit.scheduler)
            features.blocking.register(on: kit.scheduler)
            features.clearing.register(on: kit.scheduler)
            features.pruning.register(on: kit.scheduler)
            features.deliveries.counts.register(kit.metrics)
            kit.background(features.deliveries)
            kit.background(features.bell)
        }
    }
}
