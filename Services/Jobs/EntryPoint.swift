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
            let departures = DepartureWorkflow(
                database: kit.database, clock: kit.clock, outbox: kit.outbox, inbox: kit.inbox,
                scheduler: kit.scheduler, applications: applications)
            departures.register()
            GigRoutes(
                workflow: GigWorkflow(
                    database: kit.database, outbox: kit.outbox, gigs: gigs, engagements: engagements),
                search: GigSearchWorkflow(database: kit.database, gigs: GigSearchStore())
            ).register(on: kit.routes)
            ApplicationRoutes(
                workflow: ApplicationWorkflow(
                    database: kit.database, outbox: kit.outbox, gigs: gigs, applications: applications,
                    engagements: engagements, peers: LiveJobsPeers(peers: kit.peers))
            ).register(on: kit.routes)
            EngagementRoutes(
                workflow: EngagementWorkflow(
                    database: kit.database, inbox: kit.inbox, gigs: gigs, applications: applications,
                    engagements: engagements),
                departures: departures
            ).register(on: kit.routes)
        }
    }
}
