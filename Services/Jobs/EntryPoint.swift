import Foundation
import ServiceKit
import SharedModels

/// Jobs owns gigs, applications to them, and who is engaged for a negotiation.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.jobs, settings: { _ in }, migrations: .module) { kit, _ in
            let features = Features(kit)

            GigRoutes(workflow: features.gigs, search: features.search).register(on: kit.routes)
            ApplicationRoutes(workflow: features.applications).register(on: kit.routes)
            EngagementRoutes(workflow: features.engagements).register(on: kit.routes)
            HiringRoutes(workflow: features.hirings).register(on: kit.routes)

            features.news.register(on: kit.events)
            features.hirings.register()
            features.departures.register()
            features.wordRenewal.keepRenewing(by: kit.scheduler)
        }
    }
}
