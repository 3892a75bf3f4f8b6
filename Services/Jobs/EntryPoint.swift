import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.jobs, settings: { _ in }, migrations: .module) { kit, _ in
            let gigs = GigStore()
            let applications = ApplicationStore()
            let engagements = EngagementStore()
            let peers = LiveJobsPeers(peers: kit.peers)
            let refresh = EngagementRefresh(
                database: kit.database, engagements: engagements, peers: peers, logger: kit.logger)
            let departures = DepartureWorkflow(
                database: kit.database, clock: kit.clock, outbox: kit.outbox,
                scheduler: kit.scheduler, applications: applications)
            departures.register()
            GigWordRenewal(database: kit.database, clock: kit.clock).keepRenewing(by: kit.scheduler)
            GigRoutes(
                workflow: GigWorkflow(
                    database: kit.database, outbox: kit.outbox, gigs: gigs, engagements: engagements,
                    refresh: refresh),
                search: GigSearchWorkflow(database: kit.database, gigs: GigSearchStore())
            ).register(on: kit.routes)
            ApplicationRoutes(
                workflow: ApplicationWorkflow(
                    database: kit.database, outbox: kit.outbox, gigs: gigs, applications: applications,
                    engagements: engagements, refresh: refresh, peers: peers)
            ).register(on: kit.routes)
            let workflow = EngagementWorkflow(
                database: kit.database, gigs: gigs, applications: applications, engagements: engagements,
                refresh: refresh)
            EngagementRoutes(workflow: workflow).register(on: kit.routes)
            JobsNews(engagements: workflow, departures: departures).register(on: kit.events)
        }
    }
}
