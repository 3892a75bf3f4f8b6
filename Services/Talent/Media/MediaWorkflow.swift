import Postgres
import ServiceKit
import SharedModels

/// Images and videos that people show each other, and the pictures of their profiles.
struct MediaWorkflow: Sendable {
    /// How much one account may store, in bytes.
    static let most = 2 << 30
    /// The bounds of an image, in pixels.
    static let bounds = 500

    let database: Database
    let media: MediaStore
    let files: FileWorkflow
    let profiles: ProfileWorkflow
    let workshop: ImageWorkshop
    let disk = BlockingQueue("videos")

    /// Stores an image or a video. An image is made small first, a video stays as it is.
    ///
    /// - Throws: 400 for a file that is not what it says it is, 413 when the account has stored too much, 503 while
    ///   storage does not work.
    func store(_ upload: UploadInput, by account: AccountID, at now: Timestamp) async throws -> FileID {
        _ = try await profiles.finder.met(account, at: now)
        try check(try await media.bytes(of: account, in: database), and: upload.file.length)
        let content = try await content(of: upload, by: account)
        let id = try await files.store(content, upload.type, at: now)
        try await database.transaction { tx in
            // Uploads of one account are counted one after another.
            guard try await profiles.profiles.lock(account, in: tx) != nil else { throw ProfileError.notFound(account) }
            try check(try await media.bytes(of: account, in: tx), and: content.length)
            try await files.keep(id, in: tx)
            let file = StoredFile(id: id, type: upload.type, length: content.length)
            try await media.insert(file, of: account, at: now, in: tx)
        }
        return id
    }

    /// - Throws: 404 for anything that is not shown.
    func find(_ id: FileID) async throws -> StoredFile {
        guard let file = try await files.files.find(id, in: database), try await media.isShown(id, in: database) else {
            throw MediaError.notFound
        }
        return file
    }

    func isOwned(_ id: FileID, by account: AccountID) async throws -> Bool {
        try await media.isOwned(id, by: account, in: database)
    }

    /// - Throws: 404 when the file was removed meanwhile.
    func read(_ file: StoredFile, _ range: Range<Int>) async throws -> [UInt8] {
        guard let bytes = try await files.read(file, range) else { throw MediaError.notFound }
        return bytes
    }

    /// - Throws: 404 for anything that the account did not store.
    func remove(_ id: FileID, by account: AccountID, at now: Timestamp) async throws {
        try await database.transaction { tx in
            guard try await media.delete(id, of: account, in: tx) else { throw MediaError.notFound }
            try await files.letGo(id, at: now, in: tx)
        }
    }

    private func check(_ stored: Int, and more: Int) throws(MediaError) {
        guard stored + more <= Self.most else { throw .tooMuch(bytes: Self.most) }
    }

    private func content(of upload: UploadInput, by account: AccountID) async throws -> FileContent {
        let field = MediaEndpoints.media.name
        guard FileType.videos.contains(upload.type) else {
            return .bytes(try await workshop.fit(upload, .within(Self.bounds), field: field, of: account))
        }
        if let problem = try await disk.run({ try VideoContainer.problem(of: upload.file, upload.type) }) {
            throw MediaError.unusable(field, problem)
        }
        return .file(upload.file)
    }
}
