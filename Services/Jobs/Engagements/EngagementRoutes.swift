import ServiceKit
import SharedModels

/// What contracts calls, under `/internal`.
struct EngagementRoutes: Sendable {
    let workflow: EngagementWorkflow

    func register(on routes: Routes) {
        routes.handle(JobsInternal.engage, engage)
        routes.handle(JobsInternal.receiveEvents, receive)
    }

    private func engage(_ input: EngagementInput, _ call: Call) async throws -> EngagedGig {
        try await workflow.engage(call.path("id"), input, at: call.now)
    }

    private func receive(_ batch: EventBatch, _ call: Call) async throws -> NoOutput {
        for event in batch.events { try await workflow.receive(event, at: call.now) }
        return NoOutput()
    }
}
