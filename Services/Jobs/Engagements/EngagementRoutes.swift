import ServiceKit
import SharedModels

/// What contracts calls and auth tells, under `/internal`.
struct EngagementRoutes: Sendable {
    let workflow: EngagementWorkflow
    let departures: DepartureWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.jobsInternal.engage, engage)
        routes.handle(Endpoints.jobsInternal.receiveEvents, receive)
    }

    private func engage(_ input: EngagementInput, _ call: Call) async throws -> EngagedGig {
        let gig = try await workflow.engage(call.path("id"), input, at: call.now)
        return EngagedGig(gigID: gig.id, title: gig.title, rateCents: gig.rateCents)
    }

    private func receive(_ batch: EventBatch, _ call: Call) async throws -> NoOutput {
        for event in batch.events {
            if event.name == InternalEventName.accountDeleted.rawValue {
                try await departures.leave(AccountID(event.aggregate.uuid), as: event.id, at: call.now)
            } else {
                try await workflow.receive(event, at: call.now)
            }
        }
        return NoOutput()
    }
}
