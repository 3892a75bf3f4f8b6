import ServiceKit
import SharedModels

/// `/v1/oauth/clients` and the metadata.
struct OAuthClientRoutes: Sendable {
    let workflow: OAuthClientWorkflow
    /// Where clients reach us.
    let issuer: String

    func register(on routes: Routes) {
        routes.handle(Endpoints.oauthClients.create, create)
        routes.handle(Endpoints.oauthClients.list, list)
        routes.handle(Endpoints.oauthClients.get, get)
        routes.handle(Endpoints.oauthClients.delete, delete)
        routes.handle(Endpoints.oauthMetadata.get, metadata)
    }

    private func create(_ input: OAuthClientInput, _ call: Call) async throws -> RegisteredOAuthClient {
        let made = try await workflow.register(input, by: call.caller.accountID)
        return RegisteredOAuthClient(made.client.view, secret: made.secret)
    }

    private func list(_: NoInput, _ call: Call) async throws -> OAuthClientList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return OAuthClientList(clients: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func get(_: NoInput, _ call: Call) async throws -> OAuthClientView {
        try await workflow.client(call.path("id"), of: call.caller.accountID).view
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), of: call.caller.accountID)
        return NoOutput()
    }

    private func metadata(_: NoInput, _ call: Call) async throws -> OAuthMetadata {
        // It changes only with the version and PUBLIC_URL.
        call.setHeader("Cache-Control", "public, max-age=300")
        return OAuthMetadata(server: issuer)
    }
}
