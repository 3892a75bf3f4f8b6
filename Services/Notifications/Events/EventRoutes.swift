import ServiceKit
import SharedModels

/// `/internal/events`.
struct EventRoutes: Sendable {
    let workflow: EventWorkflow

    func register(on routes: Routes) {
        routes.handle(NotificationsInternal.receiveEvents, receive)
    }

    private func receive(_ batch: EventBatch, _ call: Call) async throws -> NoOutput {
        try await workflow.receive(ReceivedEvent.all(of: batch, text: call.rawBody))
        return NoOutput()
    }
}
