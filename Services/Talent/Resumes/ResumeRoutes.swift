import ServiceKit
import SharedModels

/// `/api/profile/me/resume`, and the file behind `resume_url`.
struct ResumeRoutes: Sendable {
    let workflow: ResumeWorkflow
    let links: ProfileLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.resumes.upload, upload)
        routes.handle(Endpoints.resumes.remove, remove)
        routes.handle(Endpoints.resumes.get, get)
    }

    private func upload(_ file: FileInput, _ call: Call) async throws -> StoredResume {
        let (id, owned) = try await workflow.replace(
            with: file, by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: owned.profile.version)
        return StoredResume(resumeURL: links.resume(id, of: call.caller.accountID), profile: owned.view(links))
    }

    private func remove(_: NoInput, _ call: Call) async throws -> OwnProfile {
        let owned = try await workflow.remove(by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: owned.profile.version)
        return owned.view(links)
    }

    private func get(_: NoInput, _ call: Call) async throws -> FileOutput {
        let file = try await workflow.file(call.path("fileId"), of: call.path("userId"))
        return FileOutput(type: file.type, name: "resume", bytes: file.bytes)
    }
}
