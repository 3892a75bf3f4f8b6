import ServiceKit
import SharedModels

/// `/internal/events`.
struct EventRoutes: Sendable {
    let workflow: EventWorkflow
    let departures: DepartureWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notificationsInternal.receiveEvents, receive)
    }

    private func receive(_ batch: EventBatch, _: Call) async throws -> NoOutput {
        try await departures.take(batch.events)
        try await workflow.receive(
            batch.events.filter { InternalEventName(rawValue: $0.name) == nil }.map(ReceivedEvent.init))
        return NoOutput()
    }
}
