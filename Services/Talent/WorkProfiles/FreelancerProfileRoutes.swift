import ServiceKit
import SharedModels

/// `/api/freelancer/profile`.
struct FreelancerProfileRoutes: Sendable {
    let workflow: WorkProfileWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.freelancerProfiles.get, get)
        routes.handle(Endpoints.freelancerProfiles.update, update)
    }

    private func get(_: NoInput, _ call: Call) async throws -> FreelancerProfileAnswer {
        let shown = try await workflow.freelancer(call.path("id"), at: call.now)
        call.tag(version: shown.profile.version, on: call.now.day)
        return FreelancerProfileAnswer(data: shown.view(links, at: call.now))
    }

    private func update(_ input: FreelancerProfileInput, _ call: Call) async throws -> SavedFreelancerProfile {
        let saved = try await workflow.update(
            input, of: call.path("id"), by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: saved.profile.version, on: call.now.day)
        return SavedFreelancerProfile(message: "Your profile was saved.", data: saved.view(links, at: call.now))
    }
}
