import ServiceKit
import SharedModels

/// `/api/account`.
struct DeletionRoutes: Sendable {
    let workflow: DeletionWorkflow
    let cookies: SessionCookies

    func register(on routes: Routes) {
        routes.handle(Endpoints.account.delete, delete)
    }

    private func delete(_ input: DeletionInput, _ call: Call) async throws -> DeletedAccount {
        try await workflow.delete(call.caller.accountID, reason: input.reason)
        call.setCookie(cookies.endOfSession)
        return DeletedAccount()
    }
}
