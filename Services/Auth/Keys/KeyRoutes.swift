import ServiceKit
import SharedModels

/// `/api/keys`.
struct KeyRoutes: Sendable {
    let workflow: KeyWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.keys.create, create)
        routes.handle(Endpoints.keys.list, list)
        routes.handle(Endpoints.keys.verify, verify)
        routes.handle(Endpoints.keys.rotate, rotate)
        routes.handle(Endpoints.keys.rotateNamed, rotateNamed)
        routes.handle(Endpoints.keys.revoke, revoke)
    }

    private func create(_ input: APIKeyInput, _ call: Call) async throws -> CreatedAPIKey {
        CreatedAPIKey(try await workflow.create(input, for: call.caller.accountID))
    }

    private func list(_: NoInput, _ call: Call) async throws -> APIKeyList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return APIKeyList(keys: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func verify(_: NoInput, _ call: Call) async throws -> VerifiedAPIKey {
        VerifiedAPIKey(
            userID: call.caller.accountID, hostedAgentID: call.caller.hostedAgentID, apiKeyID: try presentedKey(call))
    }

    private func rotate(_ input: RotationInput, _ call: Call) async throws -> CreatedAPIKey {
        CreatedAPIKey(
            try await workflow.rotate(presentedKey(call), of: call.caller.accountID, overlap: input.overlap))
    }

    private func rotateNamed(_ input: RotationInput, _ call: Call) async throws -> CreatedAPIKey {
        CreatedAPIKey(try await workflow.rotate(call.path("id"), by: call.caller, overlap: input.overlap))
    }

    private func revoke(_: NoInput, _ call: Call) async throws -> RevokedAPIKey {
        let id: APIKeyID = try call.path("id")
        try await workflow.revoke(id, of: call.caller.accountID)
        return RevokedAPIKey(id: id)
    }

    /// The endpoints that use this accept only keys.
    private func presentedKey(_ call: Call) throws -> APIKeyID {
        guard let id = call.caller.apiKeyID else { throw KeyError.hasEnded }
        return id
    }
}

extension RotationInput {
    fileprivate var overlap: Duration { .seconds(overlapSeconds ?? 0) }
}
