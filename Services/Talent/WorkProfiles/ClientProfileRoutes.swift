import ServiceKit
import SharedModels

/// `/api/client/profile`.
struct ClientProfileRoutes: Sendable {
    let workflow: WorkProfileWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.clientProfiles.get, get)
        routes.handle(Endpoints.clientProfiles.update, update)
    }

    private func get(_: NoInput, _ call: Call) async throws -> ClientProfileAnswer {
        ClientProfileAnswer(
            data: try await workflow.client(call.path("id"), at: call.now).view(links, at: call.now))
    }

    private func update(_ input: ClientProfileInput, _ call: Call) async throws -> SavedClientProfile {
        let saved = try await workflow.update(
            input, of: call.path("id"), by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: saved.person.profile.version, on: call.now.day)
        return SavedClientProfile(message: "Your profile was saved.", data: saved.view(links, at: call.now))
    }
}
