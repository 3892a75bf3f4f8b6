import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: under one `Idempotency-Key`, a request with the same meaning is a repeat, in any notation. A
/// request with a different meaning is a 422. A secret is shown only to the credential that asked for it.
@Suite struct RequestMeaningTests {
    private static let once = [(name: "Idempotency-Key", value: "1")]
    private static let json = [(name: "Content-Type", value: "application/json")]

    private func post(
        _ target: String, _ body: String, to service: TestService, as caller: Caller,
        headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        try await service.ask(
            "POST", target, as: caller, bytes: Array(body.utf8), headers: Self.json + Self.once + headers)
    }

    @Test(arguments: [
        #"{"name":"A chair","size":7}"#, #" { "name" : "A chair" , "size" : 7 } "#,
        "{\n\t\"name\": \"A chair\",\r\n\t\"size\": 7\n}", #"{"size":7,"name":"A chair"}"#,
        #"{"name":"\u0041 chair","size":7}"#,
    ])
    func `JSON in another notation is the same request`(body: String) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let first = try await post("/api/things", #"{"name": "A chair", "size": 7}"#, to: service, as: caller)
            let again = try await post("/api/things", body, to: service, as: caller)
            #expect(again.bytes == first.bytes && again.header("idempotent-replayed") == "true")
            #expect(try await service.names(of: caller) == ["A chair"])
        }
    }

    @Test(arguments: [
        #"{"name": "Achair", "size": 7}"#, #"{"name": "A  chair", "size": 7}"#, #"{"name": "A chair", "size": 70}"#,
        #"{"name": "A chair"}"#, #"{"name": "A chair\"", "size": 7}"#,
    ])
    func `JSON that says something else is another request`(body: String) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            _ = try await post("/api/things", #"{"name": "A chair", "size": 7}"#, to: service, as: caller)
            #expect(try await post("/api/things", body, to: service, as: caller).status == 422)
        }
    }

    @Test(arguments: [
        ("?limit=7", 201), ("?%6Cimit=%37", 201), ("?_=1&limit=7", 201), ("?limit=7&utm_source=mail", 201),
        ("?limit=8", 422), ("", 422),
    ])
    func `The query is compared as it is understood`(query: String, status: Int) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            _ = try await post("/v1/things?limit=7", #"{"name": "Chair"}"#, to: service, as: caller)
            let again = try await post("/v1/things\(query)", #"{"name": "Chair"}"#, to: service, as: caller)
            #expect(again.status == status)
            #expect(again.header("idempotent-replayed") == (status == 201 ? "true" : nil))
        }
    }

    @Test(
        arguments: [
            ("\"v1\"", 200), ("W/\"v1\"", 200), ("\"v2\"", 422), ("*", 422), (nil, 422),
        ] as [(String?, Int)])
    func `If-Match is part of the request, however its tags are written`(condition: String?, status: Int) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let path = try await service.makeChair(as: caller)
            func change(_ condition: String?) async throws -> Answer {
                let header = condition.map { [(name: "If-Match", value: $0)] } ?? []
                return try await service.ask(
                    "PATCH", path, as: caller, ["name": "Desk"], headers: Self.once + header)
            }
            #expect(try await change("\"v1\"").status == 200)
            let again = try await change(condition)
            #expect(again.status == status)
            #expect(again.header("idempotent-replayed") == (status == 200 ? "true" : nil))
        }
    }

    @Test func `No body and an empty object are one`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let target = "/api/things/\(ThingID.make(at: service.clock.now))/paint"
            let first = try await service.ask("POST", target, as: caller, headers: Self.once)
            let again = try await post(target, " { }\n", to: service, as: caller)
            #expect(first.status == 200 && again.bytes == first.bytes)
            #expect(service.things.paints.value == 1)
            #expect(try await post(target, #"{"color": "red"}"#, to: service, as: caller).status == 422)
        }
    }

    @Test func `Two keys in one request are 400`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let answer = try await post(
                "/api/things", #"{"name": "Chair"}"#, to: service, as: caller,
                headers: [("Idempotency-Key", "2")])
            #expect(answer.status == 400 && answer.issuePaths == ["Idempotency-Key"])
            #expect(try await service.names(of: caller).isEmpty)
        }
    }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The form of a client that uses a new boundary each time.
    private func form(
        _ boundary: String, _ content: [UInt8] = png, file: String = "a.png", type: String = "image/png"
    ) -> (type: String, body: [UInt8]) {
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"\(file)\"\r\n"
            + "Content-Type: \(type)\r\n\r\n"
        return (
            "multipart/form-data; boundary=\(boundary)",
            Array(head.utf8) + content + Array("\r\n--\(boundary)--\r\n".utf8)
        )
    }

    @Test func `An upload is the same when its fields and files are, whatever its boundary and its file's name`()
        async throws
    {
        try await TestService.use { service in
            let caller = service.auth.key()
            func send(_ form: (type: String, body: [UInt8])) async throws -> Answer {
                try await service.ask(
                    "POST", "/api/photos", as: caller, bytes: form.body,
                    headers: [("Content-Type", form.type)] + Self.once)
            }
            let first = try await send(form("------------------------d74496d66958873e"))
            #expect(first.status == 200)
            for same in [
                form("------------------------4d7f1a0c9e2b6583"), form("x", file: "\u{0E33}cv.png"),
                form("y", type: "Image/PNG; charset=binary"),
            ] {
                let again = try await send(same)
                #expect(again.bytes == first.bytes && again.header("idempotent-replayed") == "true", "\(again)")
            }
            for other in [form("x", Self.png + [0]), form("x", type: "application/pdf")] {
                #expect(try await send(other).status == 422)
            }
        }
    }

    @Test func `A secret is shown again to the credential that asked for it, and to no other of its account`()
        async throws
    {
        try await TestService.use { service in
            let one = service.auth.key()
            let others = [service.auth.key(of: one.account), service.auth.session(of: one.account)]
            let target = "/api/things/\(ThingID.make(at: service.clock.now))/lock"
            let first = try await service.ask("POST", target, as: one, headers: Self.once)
            let again = try await service.ask("POST", target, as: one, headers: Self.once)
            #expect(first.status == 200 && again.bytes == first.bytes)
            var seen: Set<[UInt8]> = [first.bytes]
            for other in others {
                let theirs = try await service.ask("POST", target, as: other, headers: Self.once)
                #expect(theirs.status == 200 && theirs.header("idempotent-replayed") == nil)
                #expect(seen.insert(theirs.bytes).inserted)
                #expect(try await service.ask("POST", target, as: other, headers: Self.once).bytes == theirs.bytes)
            }
        }
    }
}
