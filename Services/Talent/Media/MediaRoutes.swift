import ServiceKit
import SharedModels

/// `/api/media`, and messages' questions about what is stored.
struct MediaRoutes: Sendable {
    let workflow: MediaWorkflow
    let links: PictureLinks

    func register(on routes: Routes) {
        routes.handle(Endpoints.media.upload, upload)
        routes.handle(Endpoints.media.get, get)
        routes.handle(Endpoints.media.delete, delete)
        routes.handle(Endpoints.mediaInternal.owned, owned)
    }

    private func owned(_ input: MediaQuery, _ call: Call) async throws -> MediaOwnership {
        MediaOwnership(isOwned: try await workflow.isOwned(input.mediaID, by: input.userID))
    }

    private func upload(_ upload: UploadInput, _ call: Call) async throws -> StoredMedia {
        let id = try await workflow.store(upload, by: call.caller.accountID, at: call.now)
        return StoredMedia(
            mediaURL: links.url(of: id, at: call.now),
            mediaType: FileType.videos.contains(upload.type) ? .video : .image)
    }

    private func get(_: NoInput, _ call: Call) async throws -> StreamedOutput {
        let id: FileID = try call.path("id")
        try checkLink(to: id, call)
        let file = try await workflow.find(id)
        // Browsers keep it, but ask whether it is still there.
        call.setHeader("Cache-Control", "private, no-cache")
        call.setHeader("ETag", "\"\(id.objectID)\"")
        return StreamedOutput(
            type: file.type, name: FileType.videos.contains(file.type) ? "video" : "image", length: file.length
        ) { try await workflow.read(file, $0) }
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.remove(call.path("id"), by: call.caller.accountID, at: call.now)
        return NoOutput()
    }

    /// Without a credential, the link itself must let the caller in.
    private func checkLink(to id: FileID, _ call: Call) throws {
        guard call.principal == nil else { return }
        guard
            let expires = try call.query(MediaEndpoints.expires),
            let signature = try call.query(MediaEndpoints.signature),
            links.permits(id, expires: expires, signature: signature, at: call.now)
        else { throw MediaError.invalidLink }
    }
}
