import Foundation
import ServiceKit
import SharedModels

/// The deal's state machines: negotiations, contracts, milestones, disputes, hires, reviews.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.contracts, settings: ContractsSettings.init, migrations: .module) { kit, settings in
            let features = Features(kit, settings)

            NegotiationRoutes(workflow: features.negotiations).register(on: kit.routes)
            ContractRoutes(
                contracts: features.contracts, revisions: features.revisions, ends: features.ends
            ).register(on: kit.routes)
            MilestoneRoutes(
                milestones: features.milestones, releases: features.releases, withdrawals: features.withdrawals,
                publishableKey: settings.publishableKey
            ).register(on: kit.routes)
            DisputeRoutes(
                disputes: features.disputes, recommendations: features.recommendations,
                resolutions: features.resolutions
            ).register(on: kit.routes)
            ReviewRoutes(workflow: features.reviews).register(on: kit.routes)
            ClientHireRoutes(workflow: features.hires).register(on: kit.routes)
            FreelancerHireRoutes(workflow: features.hires).register(on: kit.routes)
            ClientReviewRoutes(workflow: features.reviews).register(on: kit.routes)
            CheckoutRoutes(workflow: features.settlements).register(on: kit.routes)
            ContractImportRoutes(workflow: features.contractImport).register(on: kit.routes)
            InternalRoutes(
                negotiations: features.negotiations, milestones: features.milestones,
                departures: features.departures
            ).register(on: kit.routes)

            features.news.register(on: kit.events)
            ContractsSchedule(features: features, clock: kit.clock).register(on: kit.scheduler)
        }
    }
}
