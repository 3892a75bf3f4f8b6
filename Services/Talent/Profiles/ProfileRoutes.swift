import ServiceKit
import SharedModels

/// `/api/profile`, and other services' questions about profiles.
struct ProfileRoutes: Sendable {
    let workflow: ProfileWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.profiles.me, me)
        routes.handle(Endpoints.profiles.update, update)
        routes.handle(Endpoints.profiles.get, get)
        routes.handle(Endpoints.talentInternal.profiles, query)
    }

    private func me(_: NoInput, _ call: Call) async throws -> OwnProfile {
        let profile = try await workflow.own(call.caller, at: call.now)
        call.tag(version: profile.version)
        return profile.view
    }

    private func update(_ input: ProfileUpdate, _ call: Call) async throws -> OwnProfile {
        let profile = try await workflow.update(
            input, by: call.caller, at: call.now, expecting: call.versionCheck)
        call.tag(version: profile.version)
        return profile.view
    }

    private func get(_: NoInput, _ call: Call) async throws -> PublicProfile {
        try await workflow.published(call.path("userId"), at: call.now)
    }

    private func query(_ input: ProfileQuery, _ call: Call) async throws -> ProfileBatch {
        ProfileBatch(profiles: try await workflow.published(input.userIDs, at: call.now))
    }
}
