import ServiceKit
import SharedModels

/// `/api/profile`, and other services' questions about profiles.
struct ProfileRoutes: Sendable {
    let workflow: ProfileWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.profiles.me, me)
        routes.handle(Endpoints.profiles.update, update)
        routes.handle(Endpoints.profiles.get, get)
        routes.handle(Endpoints.talentInternal.profiles, query)
    }

    private func me(_: NoInput, _ call: Call) async throws -> OwnProfile {
        answer(try await workflow.own(call.caller, at: call.now), call)
    }

    private func update(_ input: ProfileUpdate, _ call: Call) async throws -> OwnProfile {
        answer(
            try await workflow.update(input, by: call.caller, at: call.now, expecting: call.versionCheck), call)
    }

    private func get(_: NoInput, _ call: Call) async throws -> PublicProfile {
        try await workflow.published(call.path("userId"), at: call.now).view(links)
    }

    private func query(_ input: ProfileQuery, _ call: Call) async throws -> ProfileBatch {
        ProfileBatch(profiles: try await workflow.published(input.userIDs, at: call.now).map { $0.view(links) })
    }

    private func answer(_ owned: OwnedProfile, _ call: Call) -> OwnProfile {
        call.tag(version: owned.profile.version)
        return owned.view(links)
    }
}
