import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a file goes through the pages to the API as it is, is never kept by them, and what is wrong with
/// it is said at its field.
@Suite struct UploadTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    @Test func `a picture comes to the API as it was chosen, with the key of the form`() async throws {
        try await WebWorld.run { world in
            // With what looks like the end of a line and of a part in it, and larger than what is read ahead.
            let picture = Self.png + (0..<3_000_000).map { [0x0D, 0x0A, 0x2D, 0x2D, UInt8($0 % 251)][$0 % 5] }
            let page = try await world.person().get("/settings/picture")
            #expect(page.text.contains("enctype=\"multipart/form-data\""))
            let shown = try await world.person().post(
                "/settings/picture", [("once", "key-1")], file: ("photo", "me.png", picture))
            #expect(shown.status == 303 && shown.location == "/settings")
            let asked = try #require(world.api.requests(to: Endpoints.talentProfiles.uploadPhoto).last)
            #expect(asked.headers["idempotency-key"] == "key-1")
            #expect(asked.headers["cookie"] == "guildhall_session=session-of-client")
            let type = try #require(asked.headers["content-type"])
            let boundary = try #require(type.split(separator: "boundary=").last)
            #expect(type.hasPrefix("multipart/form-data"))
            let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"me.png\"\r\n"
            #expect(asked.body.starts(with: head.utf8))
            let end = Array("\r\n--\(boundary)--\r\n".utf8)
            #expect(Array(asked.body.suffix(end.count)) == end)
            #expect(Array(asked.body.dropLast(end.count).suffix(picture.count)) == picture)
        }
    }

    @Test func `without the session's token no file is passed on`() async throws {
        try await WebWorld.run { world in
            let file = (field: "photo", name: "me.png", bytes: Self.png)
            for token in ["", "00", String(repeating: "a", count: 64)] {
                let shown = try await world.person().post("/settings/picture", file: file, token: token)
                #expect(shown.status != 303 || shown.location?.hasPrefix("/sign-in") == true)
            }
            #expect(world.api.requests(to: Endpoints.talentProfiles.uploadPhoto).isEmpty)
        }
    }

    @Test func `a file that is missing or too large is not passed on`() async throws {
        try await WebWorld.run { world in
            let missing = try await world.person().post("/settings/picture", file: ("photo", "", []))
            #expect(missing.status == 422 && missing.text.contains("Has to be chosen."))
            let another = try await world.person().post("/settings/picture", file: ("picture", "me.png", Self.png))
            #expect(another.status == 422)
            let large = [UInt8](repeating: 0x41, count: (6 << 20))
            let shown = try await world.person().post("/settings/resume", file: ("resume", "me.pdf", large))
            #expect(shown.status == 422)
            #expect(shown.text.contains("Must be a PDF, JPEG, PNG or WebP of at most 5 MiB."))
            #expect(world.api.requests(to: Endpoints.resumes.upload).isEmpty)
        }
    }

    @Test(arguments: [ErrorCode.validationFailed, .payloadTooLarge, .unsupportedMediaType])
    func `a file that the API refuses is complained about at its field`(code: ErrorCode) async throws {
        try await WebWorld.run { world in
            world.api.refuse(Endpoints.resumes.upload, code, "no")
            let shown = try await world.person().post("/settings/resume", file: ("resume", "me.exe", [0x4D, 0x5A]))
            #expect(shown.status == 422)
            #expect(shown.text.contains("id=\"problem-resume\">Must be a PDF"))
        }
    }

    @Test func `what comes with a message is stored first, and sent with its words`() async throws {
        try await WebWorld.run { world in
            let shown = try await world.person().post(
                "/messages/\(EveryPageTests.id)", [("message", "Look:\r\nhere"), ("to", EveryPageTests.id)],
                file: ("media", "x.png", Self.png))
            #expect(shown.status == 303)
            let sent = try #require(world.api.requests(to: Endpoints.messages.send).last)
            let body = try JSONValue.parse(sent.body)
            #expect(body["message"]?.string == "Look:\nhere")
            #expect(body["metadata"]?["media_id"]?.string?.hasPrefix("file_") == true)
            let plain = try await world.person().post(
                "/messages/\(EveryPageTests.id)", [("message", "Only words"), ("to", EveryPageTests.id)],
                file: ("media", "", []))
            #expect(plain.status == 303)
            let words = try JSONValue.parse(try #require(world.api.requests(to: Endpoints.messages.send).last).body)
            #expect(words["metadata"] == nil && words["message"]?.string == "Only words")
            #expect(world.api.requests(to: Endpoints.media.upload).count == 1)
        }
    }

    @Test func `what was typed beside a file that is refused is kept`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(Endpoints.media.upload, .validationFailed, "no")
            let shown = try await world.person().post(
                "/messages/\(EveryPageTests.id)", [("message", "These words stay"), ("to", EveryPageTests.id)],
                file: ("media", "x.txt", [0x41]))
            #expect(shown.status == 422 && shown.text.contains("These words stay</textarea>"))
            #expect(world.api.requests(to: Endpoints.messages.send).isEmpty)
        }
    }

    @Test func `a session that has ended holds the words, and says that the file has to be chosen again`() async throws
    {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.refuse(Endpoints.media.upload, .unauthorized, "over")
            let held = try await browser.post(
                "/messages/\(EveryPageTests.id)", [("message", "These words stay"), ("to", EveryPageTests.id)],
                file: ("media", "x.png", Self.png))
            #expect(held.status == 401 && held.text.contains("value=\"These words stay\""))
            #expect(held.text.contains("name=\"file-lost\""))
            let sent = try await browser.post(
                "/messages/\(EveryPageTests.id)",
                [("message", "These words stay"), ("to", EveryPageTests.id), ("file-lost", "yes")])
            #expect(sent.status == 422 && sent.text.contains("Has to be chosen again."))
            #expect(world.api.requests(to: Endpoints.messages.send).isEmpty)
        }
    }
}
