import ServiceKit
import SharedModels

/// The endpoints for contracts, under `/internal`.
struct EngagementRoutes: Sendable {
    let workflow: EngagementWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.jobsInternal.engage, engage)
    }

    private func engage(_ input: EngagementInput, _ call: Call) async throws -> EngagedGig {
        let gig = try await workflow.engage(call.path("id"), input, at: call.now)
        return EngagedGig(gigID: gig.id, title: gig.title, rateCents: gig.rate?.minorUnits)
    }
}
