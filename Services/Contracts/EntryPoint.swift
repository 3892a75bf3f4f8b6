import Foundation
import ServiceKit
import SharedModels

/// The deal's state machines: negotiations, contracts, milestones, disputes, reviews.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.contracts, settings: ContractsSettings.init, migrations: Bundle.module) {
            kit, settings in
            let context = DealContext(
                database: kit.database, clock: kit.clock, outbox: kit.outbox, inbox: kit.inbox,
                scheduler: kit.scheduler, peers: LiveDealPeers(peers: kit.peers),
                feeBasisPoints: settings.feeBasisPoints, logger: kit.logger)
            let activation = ActivationWorkflow(context: context)
            let revisions = RevisionWorkflow(context: context)
            let releases = ReleaseWorkflow(context: context)
            let funding = FundingNews(context: context)
            let disputes = DisputeWorkflow(context: context)
            let resolutions = ResolutionWorkflow(
                context: context, arbitrationFeeCents: settings.arbitrationFeeCents)
            let reviews = ReviewWorkflow(context: context)
            let departures = DepartureWorkflow(context: context)
            let advisor: any DisputeAdvisor =
                settings.languageModel.map { LanguageModel(settings: $0, http: kit.http) } ?? Rubric()
            NegotiationRoutes(workflow: NegotiationWorkflow(context: context)).register(on: kit.routes)
            ContractRoutes(contracts: ContractWorkflow(context: context), revisions: revisions).register(
                on: kit.routes)
            MilestoneRoutes(milestones: MilestoneWorkflow(context: context), releases: releases)
                .register(on: kit.routes)
            ReviewRoutes(workflow: reviews).register(on: kit.routes)
            DisputeRoutes(
                disputes: disputes,
                recommendations: RecommendationWorkflow(context: context, advisor: advisor),
                resolutions: resolutions
            ).register(on: kit.routes)
            InternalRoutes(
                context: context,
                news: DealNews(
                    context: context, activation: activation, funding: funding, departures: departures),
                departures: departures
            ).register(on: kit.routes)
            ScheduledDeals(
                activation: activation, revisions: revisions, releases: releases, funding: funding,
                idling: IdleWorkflow(context: context), disputes: disputes, resolutions: resolutions,
                reviews: reviews, departures: departures
            ).register(on: kit.scheduler)
        }
    }
}
