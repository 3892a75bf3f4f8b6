import SharedModels
import TestSupport
import Testing

/// The promise under test: every body is taken completely or refused with the reason, and never causes a 5xx.
@Suite struct InputTests {
    private func refusal(of text: String, as type: String? = "application/json") async throws -> Answer {
        try await refusal(of: Array(text.utf8), as: type)
    }

    /// Sends a body that must not make a thing.
    private func refusal(of bytes: [UInt8], as type: String? = "application/json") async throws -> Answer {
        let answered = Shared(Answer?.none)
        try await TestService.use { service in
            let key = service.auth.key()
            let headers = type.map { [(name: "Content-Type", value: $0)] } ?? []
            let answer = try await service.ask("POST", "/api/things", as: key, bytes: bytes, headers: headers)
            #expect(try await service.names(of: key).isEmpty)
            answered.change { $0 = answer }
        }
        return try #require(answered.value)
    }

    @Test(arguments: [
        "{", "{\"name\": }", "{\"name\": \"a\",}", "{'name': 'a'}", "{\"name\": \"a\"}{}", "nonsense",
        "{\"size\": 01}", "{\"size\": NaN}", "{\"name\": \"\u{1}\"}", "\u{FEFF}{\"name\": \"a\"}",
    ])
    func `What is no JSON is 400, and says where it ends to be`(text: String) async throws {
        let answer = try await refusal(of: text)
        #expect(answer.status == 400)
        #expect(answer.code == "BAD_REQUEST")
        #expect(answer["message"]?.string?.contains("byte") == true)
    }

    @Test(arguments: [
        Array(#"{"name": "\ud800"}"#.utf8), Array(#"{"name": "a\u0000b"}"#.utf8),
        Array("{\"name\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8),
    ])
    func `What no text can hold is 400`(bytes: [UInt8]) async throws {
        #expect(try await refusal(of: bytes).code == "BAD_REQUEST")
    }

    @Test(arguments: ["[]", "\"text\"", "null", "1", "[{\"name\": \"a\"}]"])
    func `JSON that is not an object is 400`(text: String) async throws {
        let answer = try await refusal(of: text)
        #expect(answer.status == 400)
        #expect(answer["message"] == "The body must be a JSON object.")
    }

    @Test
    func `A member given twice is 400: nobody can know which was meant`() async throws {
        #expect(try await refusal(of: "{\"name\": \"a\", \"name\": \"b\"}").code == "BAD_REQUEST")
    }

    @Test
    func `More than thirty combining marks in a row are 400, and the member or parameter is named`() async throws {
        let text = "e" + String(repeating: "\u{323}", count: 31)
        for body: JSONValue in [
            ["name": .string(text)], ["name": "a", "parts": [["label": .string(text)]]],
        ] {
            let answer = try await refusal(of: body.bytes)
            #expect(answer.code == "VALIDATION_FAILED")
            #expect(answer.issuePaths == [body["parts"] == nil ? "name" : "parts.0.label"])
        }
        try await TestService.use { service in
            let query = "?words=\(text.percentEncoded)"
            let answer = try await service.ask("GET", "/api/things\(query)", as: service.auth.key())
            #expect(answer.status == 400 && answer.issuePaths == ["words"], "\(answer)")
        }
    }

    @Test
    func `A name of 128 KiB of combining marks is refused, and not repeated`() async throws {
        let name = String(repeating: "\u{323}\u{301}", count: 32_768)
        let answer = try await refusal(of: JSONValue.object([JSONMember(name, 1)]).bytes)
        #expect(answer.code == "BAD_REQUEST")
        #expect(answer.bytes.count < 1000)
    }

    @Test(arguments: ["[", "{\"a\":", "{\"parts\":["])
    func `JSON too deep to be meant is 400`(level: String) async throws {
        let answer = try await refusal(of: String(repeating: level, count: 100_000))
        #expect(answer.status == 400)
        #expect(answer.code == "BAD_REQUEST")
    }

    @Test(arguments: [
        nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json",
        "multipart/form-data; boundary=x",
    ])
    func `Another content type than JSON, or none, is 415`(type: String?) async throws {
        let answer = try await refusal(of: "{\"name\": \"a\"}", as: type)
        #expect(answer.status == 415)
        #expect(answer.code == "UNSUPPORTED_MEDIA_TYPE")
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
        "Application/JSON", "application/merge-patch+json",
    ])
    func `Every way to write JSON's content type is taken`(type: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", "/api/things", as: service.auth.key(), bytes: Array("{\"name\": \"a\"}".utf8),
                headers: [("Content-Type", type)])
            #expect(answer.status == 201)
        }
    }

    @Test
    func `A member that the endpoint does not know is refused by name, however deep it is`() async throws {
        let answer = try await refusal(
            of: #"{"name": "a", "colour": 1, "parts": [{"label": "leg"}, {"label": "seat", "width": 2}]}"#)
        #expect(answer.status == 400)
        #expect(answer.code == "VALIDATION_FAILED")
        #expect(answer.issuePaths == ["parts.1.width", "colour"])
        let last = answer["error"]?["issues"]?.array?.last
        #expect(last?["message"] == "is not known here; known: name, size, parts")
    }

    @Test
    func `All that is wrong is named at once`() async throws {
        let answer = try await refusal(of: "{\"name\": \" \", \"size\": 101, \"parts\": [{}, 3]}")
        #expect(answer.issuePaths == ["name", "size", "parts.0.label", "parts.1"])
        #expect(answer["message"] == "name must not be blank.")
    }

    @Test(arguments: [
        "\"5\"", "5.0", "true", "[]", "{}", "1e400", "123456789012345678901234567890",
    ])
    func `A value of another type is refused, not turned into the right one`(value: String) async throws {
        let answer = try await refusal(of: "{\"name\": \"a\", \"size\": \(value)}")
        #expect(answer.code == "VALIDATION_FAILED")
        #expect(answer.issuePaths == ["size"])
    }

    @Test
    func `An empty body is no body, whatever it claims to be: it lacks what is required`() async throws {
        for missing in [try await refusal(of: [], as: nil), try await refusal(of: [])] {
            #expect(missing.status == 400)
            #expect(missing.code == "VALIDATION_FAILED")
            #expect(missing.issuePaths == ["name"])
        }
    }

    @Test
    func `A body without required members may be left out`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let target = "/api/things/\(ThingID.make(at: service.clock.now))/paint"
            let plain = try await service.ask("POST", target, as: key)
            #expect(plain["name"] == "plain")
            let red = try await service.ask("POST", target, as: key, ["color": "red"])
            #expect(red["name"] == "red")
        }
    }

    @Test(arguments: [
        ("GET", "/api/things"), ("DELETE", "/api/things"),
    ])
    func `Where no body is expected, one with members is refused`(method: String, target: String) async throws {
        try await TestService.use { service in
            let session = service.auth.session()
            #expect(try await service.ask(method, target, as: session, [:]).status < 300)
            let unknown = try await service.ask(method, target, as: session, ["limit": 1])
            #expect(unknown.code == "VALIDATION_FAILED")
            #expect(unknown.issuePaths == ["limit"])
            let nonsense = try await service.ask(method, target, as: session, bytes: [0x7B], headers: [])
            #expect(nonsense.code == "BAD_REQUEST")
        }
    }

    @Test(arguments: ["image/png", nil])
    func `An endpoint that takes bytes gets all of them, of any content type`(type: String?) async throws {
        try await TestService.use { service in
            let headers = type.map { [(name: "Content-Type", value: $0)] } ?? []
            let bytes: [UInt8] = [0, 0xFF, 0x0D, 0x0A]
            let answer = try await service.ask("POST", "/api/notes", bytes: bytes, headers: headers)
            #expect(answer["length"] == 4)
        }
    }
}
