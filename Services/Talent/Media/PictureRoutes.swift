import ServiceKit
import SharedModels

/// The pictures of profiles on Skillhouse.
struct PictureRoutes: Sendable {
    let workflow: PictureWorkflow
    let links: PictureLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.pictures.uploadForClient, upload)
        routes.handle(Endpoints.pictures.uploadForFreelancer, upload)
    }

    private func upload(_ upload: UploadInput, _ call: Call) async throws -> StoredPicture {
        let (file, profile) = try await workflow.replace(
            with: upload, .within(MediaWorkflow.bounds), field: PictureEndpoints.picture, of: call.path("id"),
            by: call.caller, at: call.now, expecting: call.check(version:))
        call.tag(version: profile.version)
        return StoredPicture(message: "Your picture was stored.", imageURL: links.url(of: file, at: call.now))
    }
}
