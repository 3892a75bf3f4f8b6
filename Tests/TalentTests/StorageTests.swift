import Foundation
import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import TalentService

/// The promise under test: a stored file comes back byte for byte, until it is removed.
@Suite struct StorageTests {
    private let id = FileID.make(at: .start)

    private static let contents: [[UInt8]] = [
        Samples.pdf, [0], [0x0D, 0x0A, 0, 0xFF], [UInt8](repeating: 0xA5, count: 5 << 20),
    ]

    private func comesAndGoes(_ storage: any FileStorage, _ bytes: [UInt8]) async throws {
        #expect(try await storage.get(id) == nil)
        try await storage.remove(id)
        try await storage.put(bytes, as: id, .pdf)
        #expect(try await storage.get(id) == bytes)
        try await storage.put(Samples.png, as: id, .png)
        #expect(try await storage.get(id) == Samples.png)
        #expect(try await storage.get(.make(at: .start)) == nil)
        try await storage.remove(id)
        #expect(try await storage.get(id) == nil)
    }

    @Test(arguments: contents)
    func `a file on disk comes and goes`(bytes: [UInt8]) async throws {
        try await withFolder { try await comesAndGoes(DiskStorage(folder: $0.path), bytes) }
    }

    @Test func `a folder holds whole files only, named by their ids, for the service's eyes alone`()
        async throws
    {
        try await withFolder { parent in
            let folder = parent.appending(path: "deep/files")
            let storage = try DiskStorage(folder: folder.path)
            try await storage.put(Samples.pdf, as: id, .pdf)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["\(id)"])
            let file = try FileManager.default.attributesOfItem(atPath: folder.appending(path: "\(id)").path)
            #expect(file[.posixPermissions] as? Int == 0o600)
            let made = try FileManager.default.attributesOfItem(atPath: folder.path)
            #expect(made[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func `what a crash left half written is no file, and is removed with it`() async throws {
        try await withFolder { folder in
            let storage = try DiskStorage(folder: folder.path)
            let half = folder.appending(path: "\(id).part")
            try Data("%PDF".utf8).write(to: half)
            #expect(try await storage.get(id) == nil)
            try await storage.put(Samples.pdf, as: id, .pdf)
            #expect(try await storage.get(id) == Samples.pdf)
            try Data("%PDF".utf8).write(to: half)
            try await storage.remove(id)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test func `a folder that cannot be keeps the service from starting`() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "file")
            try Data().write(to: file)
            #expect(throws: BadSetting.self) { try DiskStorage(folder: file.appending(path: "below").path) }
        }
    }

    @Test func `a disk that stops working is told as such`() async throws {
        try await withFolder { folder in
            let gone = folder.appending(path: "gone")
            let storage = try DiskStorage(folder: gone.path)
            try FileManager.default.removeItem(at: gone)
            await #expect(throws: StorageFailure.self) { try await storage.put(Samples.pdf, as: id, .pdf) }
        }
    }

    @Test(arguments: contents)
    func `a file in a bucket comes and goes, every call signed`(bytes: [UInt8]) async throws {
        try await Self.withBucket { _, storage in try await comesAndGoes(storage, bytes) }
    }

    @Test func `a bucket's file has its type and the bucket's path`() async throws {
        try await Self.withBucket { (s3, storage) async throws in
            try await storage.put(Samples.pdf, as: id, .pdf)
            #expect(Set(s3.objects.keys) == ["/guild.files/\(id)"])
            #expect(s3.objects["/guild.files/\(id)"]?.type == "application/pdf")
        }
    }

    @Test func `a bucket that is slow down for a moment is asked again`() async throws {
        try await Self.withBucket { (s3, storage) async throws in
            s3.fail(1)
            try await storage.put(Samples.pdf, as: id, .pdf)
            #expect(try await storage.get(id) == Samples.pdf)
        }
    }

    @Test func `a bucket that refuses our key is a failure, not a missing file`() async throws {
        try await Self.withBucket(secret: "another") { s3, storage in
            await #expect(throws: StorageFailure.self) { try await storage.put(Samples.pdf, as: id, .pdf) }
            await #expect(throws: StorageFailure.self) { try await storage.get(id) }
            await #expect(throws: StorageFailure.self) { try await storage.remove(id) }
            #expect(s3.objects.isEmpty)
        }
    }

    static func withBucket(
        secret: String = "s3cr3t/key+=", _ body: @Sendable (FakeS3, S3Storage) async throws -> Void
    ) async throws {
        try await FakeS3.use { s3, url in
            let settings = try S3Settings(
                bucket: "guild.files",
                SettingsReader(
                    .talent,
                    [
                        "S3_ENDPOINT": url, "S3_REGION": "eu-central-1", "S3_ACCESS_KEY": "guildhall",
                        "S3_SECRET_KEY": secret,
                    ]))
            let http = OutboundHTTP(logger: .quiet, drainLimit: .milliseconds(10))
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(s3, S3Storage(settings, http: http)))
            } catch {
                result = .failure(error)
            }
            await http.shutdown()
            try result.get()
        }
    }
}
