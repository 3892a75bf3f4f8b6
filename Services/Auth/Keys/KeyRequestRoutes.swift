import ServiceKit
import SharedModels

/// `/api/keys/{id}/requests`, and what the services tell about it.
struct KeyRequestRoutes: Sendable {
    let workflow: KeyRequestWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.keys.requests, list)
        routes.handle(Endpoints.authInternal.keyRequests, keep)
    }

    private func list(_: NoInput, _ call: Call) async throws -> KeyRequestList {
        let page = try await workflow.page(
            of: call.path("id"), for: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return KeyRequestList(requests: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func keep(_ input: KeyRequestNotes, _: Call) async throws -> NoOutput {
        try await workflow.keep(input.requests)
        return NoOutput()
    }
}
