import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: an endpoint takes the one file it declares, up to its size, and nothing else.
@Suite struct FormTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0x0D, 0x0A, 0xFF]

    private func part(_ bytes: [UInt8], field: String = "photo", type: String = "image/png") -> [UInt8] {
        let disposition = "form-data; name=\"\(field)\"; filename=\"a.exe\""
        let head = "--b\r\nContent-Disposition: \(disposition)\r\nContent-Type: \(type)\r\n\r\n"
        return Array(head.utf8) + bytes + Array("\r\n".utf8)
    }

    private func form(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap(\.self) + Array("--b--\r\n".utf8) }

    private func send(
        _ body: [UInt8], to service: TestService, as caller: Caller,
        type: String = "multipart/form-data; boundary=b", headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        try await service.ask(
            "POST", "/api/photos", as: caller, bytes: body, headers: [("Content-Type", type)] + headers)
    }

    /// Sends a body that must be refused, and checks that nothing was taken.
    private func refusal(of body: [UInt8], type: String = "multipart/form-data; boundary=b") async throws
        -> Answer
    {
        let answered = Shared(Answer?.none)
        try await TestService.use { service in
            let answer = try await send(body, to: service, as: service.auth.key(), type: type)
            #expect(service.things.photo.value == nil)
            answered.change { $0 = answer }
        }
        return try #require(answered.value)
    }

    @Test(arguments: [
        "image/png", "text/html", "application/x-sh",
    ])
    func `A file comes back byte for byte, as what it is, to be saved and not shown`(claimed: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let shown = try await send(form(part(Self.png, type: claimed)), to: service, as: key)
            #expect(shown.status == 200 && shown["length"] == .integer(Int64(Self.png.count)), "\(shown)")
            let answer = try await service.ask("GET", "/api/photos", as: key)
            #expect(answer.status == 200 && answer.bytes == Self.png)
            #expect(answer.header("content-type") == "image/png")
            #expect(answer.header("content-disposition") == "attachment; filename=\"photo.png\"")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("content-security-policy")?.hasPrefix("sandbox") == true)
            #expect(answer.header("content-length") == "\(Self.png.count)")
        }
    }

    @Test(arguments: [0, 1])
    func `A file of the largest size is taken, one byte more is 413`(excess: Int) async throws {
        try await TestService.use { service in
            let file =
                Self.png
                + [UInt8](repeating: 7, count: ThingEndpoints.photo.maximum - Self.png.count + excess)
            let answer = try await send(form(part(file)), to: service, as: service.auth.key())
            #expect(answer.status == (excess == 0 ? 200 : 413), "\(answer)")
            #expect((service.things.photo.value == nil) == (excess > 0))
            if excess > 0 { #expect(answer.code == "PAYLOAD_TOO_LARGE") }
        }
    }

    @Test
    func `A form beyond its limit is 413, and the limit is this endpoint's alone`() async throws {
        let body = [UInt8](repeating: 0x2D, count: Things.clawConnected.show.operation.maximumBody + 1)
        #expect(try await refusal(of: body).code == "PAYLOAD_TOO_LARGE")
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", "/api/notes", bytes: [UInt8](repeating: 0, count: (1 << 20) + 1), headers: [])
            #expect(answer.status == 413)
        }
    }

    @Test(arguments: [
        Array("hello".utf8), Array("GIF89a".utf8), [], [0xFF, 0xD8, 0xFF, 0xE0],
        Array("<html>%PDF-1.7".utf8),
    ])
    func `Another type of file is refused by the field's name, whatever it is sent as`(bytes: [UInt8]) async throws {
        let answer = try await refusal(of: form(part(bytes)))
        #expect(answer.code == "VALIDATION_FAILED" && answer.issuePaths == ["photo"], "\(answer)")
        #expect(answer["message"]?.string?.contains("PNG, PDF") == true)
    }

    @Test
    func `No file, two files and another field are refused by name`() async throws {
        let none = try await refusal(of: form())
        #expect(none.code == "VALIDATION_FAILED" && none.issuePaths == ["photo"])
        let two = try await refusal(of: form(part(Self.png), part(Self.png)))
        #expect(two.code == "VALIDATION_FAILED" && two.issuePaths == ["photo"])
        let other = try await refusal(of: form(part(Self.png), part(Self.png, field: "picture")))
        #expect(other.code == "VALIDATION_FAILED" && other.issuePaths == ["picture"])
    }

    @Test(arguments: [
        "--b", "--b\r\n\r\n--b--", "{\"photo\": \"\"}",
        "--b\r\nContent-Disposition: form-data; name=\"photo\u{0}\"\r\n\r\n\r\n--b--",
    ])
    func `What is no form is 400`(text: String) async throws {
        #expect(try await refusal(of: Array(text.utf8)).code == "BAD_REQUEST")
    }

    @Test
    func `Another content type is 415, a form without a boundary 400`() async throws {
        for type in [
            "application/json", "image/png", "multipart/mixed; boundary=b",
            "multipart/form-datax; boundary=b",
        ] {
            #expect(try await refusal(of: form(part(Self.png)), type: type).status == 415, "\(type)")
        }
        #expect(
            try await refusal(of: form(part(Self.png)), type: "multipart/form-data").code == "BAD_REQUEST")
    }

    @Test
    func `A repeat with the same Idempotency-Key replays the answer; another file under it is 422`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let once = [(name: "Idempotency-Key", value: "photo-1")]
            let first = try await send(form(part(Self.png)), to: service, as: key, headers: once)
            let second = try await send(form(part(Self.png)), to: service, as: key, headers: once)
            #expect(second.status == 200 && second.bytes == first.bytes)
            #expect(second.header("idempotent-replayed") == "true")
            let other = try await send(form(part(Self.png + [1])), to: service, as: key, headers: once)
            #expect(other.status == 422)
        }
    }

    @Test
    func `Without a credential a form is 401 before it is read`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", "/api/photos", bytes: Array("nonsense".utf8),
                headers: [("Content-Type", "text/plain")])
            #expect(answer.status == 401)
        }
    }
}
