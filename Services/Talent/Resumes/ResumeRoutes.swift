import ServiceKit
import SharedModels

/// `/api/profile/me/resume`, and the file behind `resume_url`.
struct ResumeRoutes: Sendable {
    let workflow: ResumeWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.resumes.upload, upload)
        routes.handle(Endpoints.resumes.remove, remove)
        routes.handle(Endpoints.resumes.get, get)
    }

    private func upload(_ file: FileInput, _ call: Call) async throws -> StoredResume {
        let stored = try await workflow.replace(
            with: file, by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: stored.version)
        return StoredResume(resumeURL: stored.url, profile: stored.view)
    }

    private func remove(_: NoInput, _ call: Call) async throws -> OwnProfile {
        let profile = try await workflow.remove(by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: profile.version)
        return profile.view
    }

    private func get(_: NoInput, _ call: Call) async throws -> FileOutput {
        let file = try await workflow.file(call.path("fileId"), of: call.path("userId"))
        return FileOutput(type: file.type, name: "resume", bytes: file.bytes)
    }
}
