import Crypto
import Foundation
import Glibc
import SharedModels

/// A file that came with a request.
struct ReceivedUpload: Sendable {
    let input: UploadInput
    let field: String
    /// As it was sent with the file.
    let mediaType: String?
}

/// Writes the one file of a form to a temporary file while it comes.
struct UploadReading: Sendable {
    let disk = BlockingQueue("uploads")

    /// - Throws: 400 without a body, for one that is not a form, another field, no file or several, and a file of another type;
    ///   413 for a file that is too large; 415 for another media type; 503 while nothing can be written; ``BodyFailure``.
    func read(_ request: IncomingRequest, _ field: FileField, mediaType: String?, atMost limit: Int) async throws
        -> ReceivedUpload
    {
        // Of a body in chunks only its first piece tells that it is not empty.
        var form: FormFileReader?
        let writer = try await writing { try TemporaryWriter() }
        var (digest, head, length) = (SHA256(), [UInt8](), 0)
        try await request.pieces(atMost: limit) { piece in
            guard !piece.isEmpty else { return }
            if form == nil { form = FormFileReader(field: field.name, try FormBoundary(contentType: mediaType)) }
            guard let content = try form?.take(piece), !content.isEmpty else { return }
            if head.count < FileType.head {
                head += content.prefix(FileType.head - head.count)
                if head.count == FileType.head { _ = try Self.type(of: head, field) }
            }
            length += content.count
            guard length <= field.maximum else {
                throw Refusal(.payloadTooLarge, "\(field.name) is larger than \(field.maximum) bytes.")
            }
            digest.update(data: content)
            try await writing { try writer.write(content) }
        }
        guard let form else { throw FormBoundary.missing(field) }
        try form.finish()
        guard form.hasFile else { throw Refusal.validation(field.name, "is required") }
        let file = writer.finished(length: length, digest: Array(digest.finalize()))
        return ReceivedUpload(
            input: UploadInput(type: try Self.type(of: head, field), file: file), field: field.name,
            mediaType: form.mediaType)
    }

    private static func type(of head: [UInt8], _ field: FileField) throws -> FileType {
        guard let type = FileType(sniffing: head), field.types.contains(type) else {
            let known = field.types.map(\.title).joined(separator: ", ")
            throw Refusal.validation(field.name, "must be a file of one of these types: \(known)")
        }
        return type
    }

    private func writing<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        do {
            return try await disk.run(work)
        } catch let failure as UnwritableFile {
            throw Refusal.unavailable(retryAfter: .seconds(5), logDetail: "no temporary file: errno \(failure.code)")
        }
    }
}

struct UnwritableFile: Error {
    let code = errno
}

/// Writes a temporary file, which has no name from the start.
final class TemporaryWriter: Sendable {
    private let descriptor: Int32

    /// - Throws: ``UnwritableFile``.
    init() throws {
        let folder = FileManager.default.temporaryDirectory.path
        var path = Array("\(folder)/guildhall-upload-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw UnwritableFile() }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let step = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map { Glibc.write(descriptor, $0 + written, bytes.count - written) } ?? 0
            }
            if step < 0, errno == EINTR { continue }
            guard step > 0 else { throw UnwritableFile() }
            written += step
        }
    }

    func finished(length: Int, digest: [UInt8]) -> TemporaryFile {
        // Its own descriptor, as this one is closed with the writer.
        TemporaryFile(descriptor: fcntl(descriptor, F_DUPFD_CLOEXEC, 0), length: length, digest: digest)
    }
}

extension TemporaryFile {
    /// A file with this content. It blocks.
    package static func holding(_ bytes: [UInt8]) throws -> TemporaryFile {
        let writer = try TemporaryWriter()
        try writer.write(bytes)
        return writer.finished(length: bytes.count, digest: Array(SHA256.hash(data: bytes)))
    }
}
