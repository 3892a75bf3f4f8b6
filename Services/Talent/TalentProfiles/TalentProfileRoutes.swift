import ServiceKit
import SharedModels

/// `/v1/profiles`.
struct TalentProfileRoutes: Sendable {
    /// In pixels.
    private static let photoSide = 512

    let workflow: TalentProfileWorkflow
    let pictures: PictureWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.talentProfiles.list, list)
        routes.handle(Endpoints.talentProfiles.get, get)
        routes.handle(Endpoints.talentProfiles.update, update)
        routes.handle(Endpoints.talentProfiles.uploadPhoto, uploadPhoto)
    }

    private func list(_: NoInput, _ call: Call) async throws -> TalentProfileList {
        let (page, limit) = (try call.query(Parameter.page), try call.query(TalentProfileEndpoints.limit))
        let filter = ProfileFilter(
            skills: try call.query(TalentProfileEndpoints.skills).map { SkillName($0) },
            location: try call.query(TalentProfileEndpoints.location),
            name: try call.query(TalentProfileEndpoints.name), userType: try call.query(TalentProfileEndpoints.userType)
        )
        let (profiles, total) = try await workflow.page(filter, page, of: limit)
        return TalentProfileList(
            profiles: profiles.map { $0.view(links, at: call.now) },
            pagination: Pagination(total: total, page: page, perPage: limit))
    }

    private func get(_: NoInput, _ call: Call) async throws -> TalentProfile {
        let shown = try await workflow.profile(call.path("userId"), for: call.caller.accountID, at: call.now)
        call.tag(version: shown.profile.version, on: call.now.day)
        return shown.view(links, at: call.now)
    }

    private func update(_ input: TalentProfileInput, _ call: Call) async throws -> UpdatedTalentProfile {
        let shown = try await workflow.update(
            input, of: call.path("userId"), by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: shown.profile.version, on: call.now.day)
        return UpdatedTalentProfile(
            shown.view(links, at: call.now), suggestions: OptimizationAdvice(shown: shown).suggestions)
    }

    /// The photo was decoded and written again, which is all the moderation there is.
    private func uploadPhoto(_ upload: UploadInput, _ call: Call) async throws -> StoredPhoto {
        let (file, profile) = try await pictures.replace(
            with: upload, .square(Self.photoSide), field: TalentProfileEndpoints.photo, of: call.path("userId"),
            by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: profile.version)
        return StoredPhoto(avatar: links.pictures.url(of: file, at: call.now), moderationStatus: .approved)
    }
}
