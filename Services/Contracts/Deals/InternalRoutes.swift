import ServiceKit
import SharedModels

/// Answers the questions of other services.
struct InternalRoutes: Sendable {
    let negotiations: NegotiationWorkflow
    let milestones: MilestoneWorkflow
    let departures: DepartureWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.contractsInternal.openDeals, openDeals)
        routes.handle(Endpoints.contractsInternal.depart, depart)
        routes.handle(Endpoints.contractsInternal.stay, stay)
        routes.handle(Endpoints.contractsInternal.hold, hold)
        routes.handle(Endpoints.contractsInternal.ended, ended)
        routes.handle(Endpoints.contractsInternal.between, between)
        routes.handle(Endpoints.contractsInternal.partners, partners)
    }

    private func openDeals(_: NoInput, _ call: Call) async throws -> OpenDeals {
        try await negotiations.openDeals(of: call.path("id"))
    }

    private func depart(_: NoInput, _ call: Call) async throws -> DeletionBlockers {
        DeletionBlockers(
            blockers: try await departures.depart(call.path("id"), as: call.path("departureId")))
    }

    private func stay(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await departures.stay(call.path("id"), insteadOf: call.path("departureId"))
        return NoOutput()
    }

    private func hold(_: NoInput, _ call: Call) async throws -> HoldNeed {
        HoldNeed(isNeeded: try await milestones.needsHold(call.path("id")))
    }

    private func ended(_ input: NegotiationIDs, _ call: Call) async throws -> NegotiationIDs {
        NegotiationIDs(negotiationIDs: try await negotiations.ended(among: input.negotiationIDs))
    }

    private func between(_ pair: AccountPair, _ call: Call) async throws -> SharedDeals {
        try await negotiations.deals(between: pair.userID, and: pair.otherUserID)
    }

    private func partners(_: NoInput, _ call: Call) async throws -> DealPartners {
        DealPartners(userIDs: try await negotiations.partners(of: call.path("id")))
    }
}
