import ServiceKit
import SharedModels

/// `/api/vouches`.
struct VouchRoutes: Sendable {
    let workflow: VouchWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.vouches.create, create)
    }

    private func create(_ input: VouchInput, _ call: Call) async throws -> VouchView {
        try await workflow.vouch(for: input.vouchedUserID, by: call.caller.accountID, at: call.now).view
    }
}
