import GuildhallClient
import SharedModels

/// `/settings/picture` and `/settings/resume`: the files of one's profile.
struct FilePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/settings/picture") { picturePage($0, Self.picture) }
        site.upload("/settings/picture", storePicture)
        site.get("/settings/resume") { resumePage($0, Self.resume) }
        site.upload("/settings/resume", storeResume)
        site.post("/settings/resume/remove", removeResume)
    }

    private static var picture: Form {
        Form("/settings/picture", submit: "Store it", [.file(TalentProfileEndpoints.photo, "Picture")])
    }

    private func picturePage(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Your picture", form,
            lead:
                "Everybody who is signed in sees it. It is cut to a square, and what a camera wrote into it is taken out.",
            back: ("/settings", "Settings"))
    }

    @Sendable private func storePicture(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.picture, again: { picturePage(visit, $0) }) {
            let own = try await visit.person().userID
            _ = try await visit.pass(to: Endpoints.talentProfiles.uploadPhoto, path: ["userId": own.prefixed])
            return .see("/settings", .done("Your picture is stored."))
        }
    }

    private static var resume: Form {
        Form("/settings/resume", submit: "Store it", [.file(ResumeEndpoints.file, "Résumé")])
    }

    private func resumePage(_ visit: Visit, _ form: Form) -> WebAnswer {
        visit.formPage(
            "Your résumé", form, lead: "Everybody who is signed in can open it from your profile.",
            back: ("/settings", "Settings"))
    }

    @Sendable private func storeResume(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.resume, again: { resumePage(visit, $0) }) {
            _ = try await visit.pass(to: Endpoints.resumes.upload)
            return .see("/settings", .done("Your résumé is stored."))
        }
    }

    @Sendable private func removeResume(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.resumes.remove, idempotencyKey: visit.once)
        return .see("/settings", .done("Your résumé is removed."))
    }
}

/// The pictures of profiles.
enum Picture {
    /// Somebody's picture, for an `<img>` of ours; `nil` without one. A page is worth showing without it.
    static func address(of account: AccountID, _ visit: Visit) async -> String? {
        let profile = try? await visit.api.call(Endpoints.talentProfiles.get, path: ["userId": account.prefixed])
        return profile?.avatar.flatMap { own($0, visit) }
    }

    /// Pages show pictures of this site alone.
    static func own(_ url: String, _ visit: Visit) -> String? {
        guard url.utf8.starts(with: "\(visit.publicURL)/".utf8) else { return nil }
        return WebURL(url).map { OwnPath.checked($0.path + $0.trailer) }
    }
}
