import Foundation
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: images come out small, upright and clean, videos as they were, and what is harmful does not
/// come out at all.
@Suite(.timeLimit(.minutes(20))) struct MediaTests {
    private let workshop = ImageWorkshop()

    private func fit(_ bytes: [UInt8], _ shape: ImageWorkshop.Shape = .within(500)) async throws -> [UInt8] {
        try await workshop.fit(try .sample(bytes), shape, field: "media", of: .make(at: .start))
    }

    @Test(arguments: [(Images.png, FileType.png), (Images.webP, .webP)])
    func `a large image is bounded, and keeps its form and its format`(image: [UInt8], type: FileType) async throws {
        let small = try await fit(image)
        #expect(FileType(sniffing: small) == type)
        #expect(try await size(of: small) == [500, 250])
        #expect(try await size(of: fit(image, .square(512))) == [300, 300])
    }

    @Test func `a small image keeps its size`() async throws {
        #expect(try await size(of: fit(Images.cmyk)) == [60, 40])
    }

    @Test func `an image is turned as its camera noted, and what the camera noted is gone`() async throws {
        #expect(Data(Images.turned).range(of: Data("SecretCa".utf8)) != nil)
        let upright = try await fit(Images.turned)
        #expect(try await size(of: upright) == [40, 60])
        #expect(Data(upright).range(of: Data("SecretCa".utf8)) == nil)
        #expect(Data(upright).range(of: Data("Exif".utf8)) == nil)
    }

    @Test func `the colours of print become those of screens`() async throws {
        let lines = try await head(of: fit(Images.cmyk))
        #expect(lines.contains("interpretation: srgb") && lines.contains("bands: 3"))
    }

    @Test func `an animation stays one`() async throws {
        let moving = try await fit(Images.animation)
        #expect(FileType(sniffing: moving) == .gif)
        #expect(try await head(of: moving).contains("n-pages: 3"))
    }

    @Test func `a bomb is refused before it is decoded`() async throws {
        let refused = await #expect(throws: MediaError.self) { try await fit(Images.bomb) }
        #expect(refused?.publicMessage.contains("30000 by 30000") == true)
        #expect(refused?.issues.map(\.path) == ["media"])
    }

    @Test(arguments: [
        Array(Images.png.prefix(200)), Array(Images.webP.prefix(300)), Array(Images.animation.prefix(60)),
        Array(Images.turned.prefix(90)), [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 7, count: 400),
    ])
    func `what is broken is refused`(image: [UInt8]) async throws {
        await #expect(throws: MediaError.self) { try await fit(image) }
    }

    @Test func `a picture is shown by every surface through a link, and the last one is gone`() async throws {
        try await Talents.with { (talents) async throws in
            let first = try await talents.picture(Images.png)
            let shown = try await talents.freelancer().profilePic
            #expect(shown == PictureLinks.sample.url(of: first, at: talents.clock.now))
            #expect(try await talents.people([talents.account]).first?.profile.picture == .file(first))
            // What was read is sent back as it is.
            #expect(try await talents.change(FreelancerProfileInput(profilePic: shown)).profilePic == shown)
            let second = try await talents.picture(Images.cmyk)
            await #expect(throws: MediaError.notFound) { try await talents.features.media.find(first) }
            #expect(try await talents.features.media.find(second).type == .jpeg)
            await #expect(throws: WorkProfileError.self) {
                try await talents.change(FreelancerProfileInput(profilePic: shown))
            }
            try await talents.change(FreelancerProfileInput(profilePic: ""))
            await #expect(throws: MediaError.notFound) { try await talents.features.media.find(second) }
        }
    }

    @Test func `a picture for somebody else, or for another version, is refused and leaves nothing behind`()
        async throws
    {
        try await Talents.with { (talents) async throws in
            await #expect(throws: MediaError.notOwn) { try await talents.picture(Images.png, of: talents.newAccount()) }
            await #expect(throws: Refusal.self) { try await talents.picture(Images.png, expecting: onlyVersion(9)) }
            await #expect(throws: MediaError.self) { try await talents.picture(Images.bomb) }
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test func `a link lets in for a week, for its file alone`() {
        let (links, now) = (PictureLinks.sample, Timestamp.start)
        let file = FileID.make(at: now)
        let url = links.url(of: file, at: now)
        #expect(links.file(in: url) == file && url == links.url(of: file, at: now + .hours(1)))
        let query = Dictionary(
            uniqueKeysWithValues: url.split(separator: "?")[1].split(separator: "&").map { pair in
                let parts = pair.split(separator: "=").map(String.init)
                return (parts[0], parts[1])
            })
        let (expires, signature) = (Int64(query["expires"] ?? "") ?? 0, query["signature"] ?? "")
        #expect(links.permits(file, expires: expires, signature: signature, at: now))
        #expect(links.permits(file, expires: expires, signature: signature, at: now + .days(7)))
        #expect(!links.permits(file, expires: expires, signature: signature, at: now + .days(9)))
        #expect(!links.permits(file, expires: expires + 1, signature: signature, at: now))
        #expect(!links.permits(.make(at: now), expires: expires, signature: signature, at: now))
        #expect(!links.permits(file, expires: expires, signature: String(signature.reversed()), at: now))
        #expect(!links.permits(file, expires: expires, signature: "", at: now))
        #expect(links.file(in: "https://elsewhere.example/api/media/\(file)") == nil)
    }
}

extension MediaTests {
    private static func box(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let size = UInt32(content.count + 8)
        return withUnsafeBytes(of: size.bigEndian) { Array($0) } + Array(name.utf8) + content
    }
    private static let mp4 =
        box("ftyp", Array("isom".utf8) + [0, 0, 2, 0]) + box("moov", [1, 2, 3])
        + box("mdat", (0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) })
    private static let webM: [UInt8] =
        [0x1A, 0x45, 0xDF, 0xA3, 0x8B, 0x42, 0x86, 0x81, 1, 0x42, 0x82, 0x84] + Array("webm".utf8)
        + [0x18, 0x53, 0x80, 0x67, 0x84, 1, 2, 3, 4]
    private static let unending: [UInt8] = webM.prefix(20) + [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 9]

    private static let videos: [String: [UInt8]] = [
        "MP4": mp4, "WebM": webM, "WebM without an end": unending,
        "QuickTime": box("wide", []) + box("mdat", [1]) + box("moov", [2]),
    ]
    private static let broken: [String: [UInt8]] = [
        "cut": Array(mp4.dropLast(1)), "with a rest": mp4 + [0],
        "without a movie": box("ftyp", Array("isom".utf8)) + box("mdat", [1]),
        "a head alone": box("ftyp", Array("isom".utf8)), "cut WebM": Array(webM.dropLast(1)),
        "half a segment": Array(webM.prefix(22)), "too small a box": [0, 0, 0, 4] + Array("ftypisom".utf8),
        "half a large box": [0, 0, 0, 1] + Array("ftypisom".utf8),
    ]

    @Test(arguments: videos.keys.sorted())
    func `a video comes back byte for byte`(name: String) async throws {
        let video = try #require(Self.videos[name])
        try await Talents.with { (talents) async throws in
            let id = try await talents.media(video)
            let file = try await talents.features.media.find(id)
            #expect(file.length == video.count && FileType.videos.contains(file.type))
            #expect(try await talents.features.media.read(file, 0..<file.length) == video)
            #expect(try await talents.features.media.read(file, 3..<7) == Array(video[3..<7]))
        }
    }

    @Test(arguments: broken.keys.sorted())
    func `a video that is not whole is refused`(name: String) async throws {
        let video = try #require(Self.broken[name])
        try await Talents.with { (talents) async throws in
            let refused = await #expect(throws: MediaError.self) { try await talents.media(video) }
            #expect(refused?.issues.map(\.path) == ["media"])
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test func `media are their owner's to remove, and go with the account`() async throws {
        try await Talents.with { (talents) async throws in
            let other = talents.newAccount()
            let (first, second) = (try await talents.media(Self.webM), try await talents.media(Images.png))
            let media = talents.features.media
            await #expect(throws: MediaError.notFound) {
                try await media.remove(first, by: other, at: talents.clock.now)
            }
            try await media.remove(first, by: talents.account, at: talents.clock.now)
            await #expect(throws: MediaError.notFound) { try await media.find(first) }
            #expect(try await media.find(second).type == .png)
            try await talents.tell(
                InternalEventName.accountDeleted.rawValue, of: EventAggregate(talents.account.uuid),
                ["user_id": .string("\(talents.account)")])
            await #expect(throws: MediaError.notFound) { try await media.find(second) }
            try await talents.scheduled {
                try await eventually("the files are removed") { try await talents.fileStates().isEmpty }
            }
            #expect(talents.storage.held.isEmpty)
        }
    }

    @Test func `a resume is not among the media, and an account's media are bounded`() async throws {
        try await Talents.with { (talents) async throws in
            try await talents.upload()
            let resume = try #require(talents.storage.held.first)
            await #expect(throws: MediaError.notFound) { try await talents.features.media.find(resume) }
            let id = try await talents.media(Self.webM)
            try await talents.database.execute(
                "UPDATE media SET length = \(MediaWorkflow.most - 10) WHERE file_id = \(id)")
            await #expect(throws: MediaError.tooMuch(bytes: MediaWorkflow.most)) { try await talents.media(Self.webM) }
        }
    }

    @Test func `a file that is longer than a part is several objects in S3`() async throws {
        try await StorageTests.withBucket { s3, storage in
            let id = FileID.make(at: .start)
            try await storage.put(.file(try .holding(Self.mp4)), as: id, .mp4)
            #expect(s3.objects.count == 2)
            #expect(try await storage.get(id, 0..<Self.mp4.count) == Self.mp4)
            let seam = S3Storage.part - 5..<S3Storage.part + 5
            #expect(try await storage.get(id, seam) == Array(Self.mp4[seam]))
            try await storage.remove(id, length: Self.mp4.count)
            #expect(s3.objects.isEmpty)
        }
    }

    /// What libvips says of an image.
    private func head(of image: [UInt8]) async throws -> [String] {
        let file = try TemporaryFile.holding(image)
        return try await withFolder { folder in
            let output = folder.appending(path: "output").path
            let process = ChildProcess(
                program: "/usr/bin/vipsheader", arguments: ["-a", "/dev/fd/3"], descriptor: file.descriptor,
                output: output, environment: [])
            #expect(process.run() == .done)
            return String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
                .split(separator: "\n").map(String.init)
        }
    }

    private func size(of image: [UInt8]) async throws -> [Int] {
        let lines = try await head(of: image)
        return ["width: ", "height: "].compactMap { name in
            lines.first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
        }
    }
}

/// The promise under test: a program that takes too much is ended, and sees nothing of ours.
@Suite(.timeLimit(.minutes(20))) struct ChildProcessTests {
    private func run(_ program: String, _ arguments: [String]) async throws -> (ChildProcess.Ending, String) {
        let file = try TemporaryFile.holding(Array("hello".utf8))
        return try await withFolder { folder in
            let output = folder.appending(path: "output").path
            let ending = ChildProcess(
                program: program, arguments: arguments, descriptor: file.descriptor, output: output,
                environment: ["ONLY=this"]
            ).run()
            return (ending, String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self))
        }
    }

    @Test func `it reads its file, and has no other file or variable of ours`() async throws {
        #expect(try await run("/bin/cat", ["/dev/fd/3"]) == (.done, "hello"))
        #expect(try await run("/usr/bin/env", []).1 == "ONLY=this\n")
        let open = try await run("/bin/sh", ["-c", "echo /proc/self/fd/*"]).1
        #expect(open.split(separator: " ").count <= 5, "\(open)")
    }

    @Test func `how it ended is known`() async throws {
        #expect(try await run("/bin/sh", ["-c", "exit 3"]).0 == .failed(3))
        #expect(try await run("/bin/sh", ["-c", "kill -KILL $$"]).0 == .ended)
        #expect(try await run("/nonexistent", []).0 == .missing)
        #expect(try await run("/bin/sh", ["-c", "head -c 40000000 /dev/zero"]).0 != .done)
    }
}

extension PictureLinks {
    static let sample = ProfileLinks.sample.pictures
}

extension UploadInput {
    static func sample(_ bytes: [UInt8]) throws -> Self {
        UploadInput(type: try #require(FileType(sniffing: bytes)), file: try .holding(bytes))
    }
}

extension Talents {
    @discardableResult
    func picture(
        _ bytes: [UInt8], of account: AccountID? = nil, expecting check: @escaping VersionCheck = anyVersion
    ) async throws -> FileID {
        try await features.pictures.replace(
            with: .sample(bytes), .within(500), field: PictureEndpoints.picture, of: account ?? self.account,
            by: caller(), at: clock.now, expecting: check
        ).file
    }

    func media(_ bytes: [UInt8]) async throws -> FileID {
        try await features.media.store(.sample(bytes), by: account, at: clock.now)
    }
}
