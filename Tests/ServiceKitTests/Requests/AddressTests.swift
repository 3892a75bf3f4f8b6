import SharedModels
import TestSupport
import Testing

/// The promise under test: path and query have one meaning, or are refused with the parameter's name.
@Suite struct AddressTests {
    private func page(_ query: String) async throws -> Answer {
        let answered = Shared(Answer?.none)
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things\(query)", as: service.auth.key())
            answered.change { $0 = answer }
        }
        return try #require(answered.value)
    }

    @Test(arguments: [
        "", "?", "?&", "?_=1690000000", "?utm_source=mail&utm_campaign=%zz", "?_&_",
    ])
    func `Parameters that are left out have their defaults, and those for others change nothing`(query: String)
        async throws
    {
        let answer = try await page(query)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"limit":50,"words":null,"color":null,"whole":false}"#)
    }

    @Test(arguments: [
        "?limit=7&words=red%20chair&color=red&whole=1",
        "?whole=true&color=%72ed&words=%72ed%20chair&limit=%37", "?limit=7&words=red+chair&color=red&whole=1",
    ])
    func `Parameters are read, percent-encoded or not`(query: String) async throws {
        #expect(try await page(query).text == #"{"limit":7,"words":"red chair","color":"red","whole":true}"#)
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=1.5", "limit"),
        ("limit=", "limit"), ("limit=+5", "limit"), ("limit=007", "limit"), ("limit=%35%30%31", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=nonsense", "cursor"), ("cursor=-", "cursor"), ("color=green", "color"),
        ("color=RED", "color"), ("whole=maybe", "whole"), ("words=a%00b", "words"),
        ("words=123456789012345678901", "words"),
    ])
    func `A value that is not acceptable is 400 with the name of its parameter`(query: String, name: String)
        async throws
    {
        let answer = try await page("?\(query)")
        #expect(answer.status == 400)
        // A parameter that takes only certain values refuses others as a bad request.
        #expect(answer.code == (["color", "whole"].contains(name) ? "BAD_REQUEST" : "VALIDATION_FAILED"))
        #expect(answer.issuePaths == [name])
    }

    @Test(
        arguments: [
            "%", "%z", "%zz", "a%2", "%E0%A4%A", "%ff", "%C3%28", "%ED%A0%80",
        ], ["limit", "words"])
    func `Broken percent-encoding is 400, whatever the parameter takes`(text: String, name: String) async throws {
        let answer = try await page("?\(name)=\(text)")
        #expect(answer.code == "BAD_REQUEST")
        #expect(answer.issuePaths == [name])
    }

    @Test(arguments: [
        "limit=1&limit=2", "limit=1&color=red&limit=1", "limit&limit=1", "limit=1&l%69mit=1",
    ])
    func `A parameter given twice is 400, even with the same value`(query: String) async throws {
        let answer = try await page("?\(query)")
        #expect(answer.code == "BAD_REQUEST")
        #expect(answer.issuePaths == ["limit"])
    }

    @Test(
        arguments: [
            ("limits=0", "limits", "limit"), ("Limit=7", "Limit", "limit"), ("lmiit=7", "lmiit", "limit"),
            ("colour=red", "colour", "color"), ("word=a", "word", "words"), ("cursors=", "cursors", "cursor"),
            ("page=2", "page", nil), ("a=%zz", "a", nil), ("%zz=1", "%zz", nil), ("=", "", nil), ("utm=1", "utm", nil),
            ("limit=7&owner=me", "owner", nil),
        ] as [(String, String, String?)])
    func `What is unknown is 400 by name, with what was probably meant`(
        query: String, name: String, meant: String?
    ) async throws {
        let answer = try await page("?\(query)")
        #expect(answer.status == 400 && answer.code == "VALIDATION_FAILED")
        #expect(answer.issuePaths == [name])
        let guess = meant.map { " (did you mean \($0)?)" } ?? ""
        let message = "is not known here\(guess); known: limit, cursor, words, color, whole"
        #expect(answer["error"]?["issues"]?.array?.first?["message"] == .string(message))
    }

    @Test func `An endpoint without parameters says so`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask("GET", "\(path)?limit=1", as: key)
            #expect(answer.status == 400 && answer.issuePaths == ["limit"])
            let made = try await service.ask("POST", "/api/things?dry_run=1", as: key, ["name": "Desk"])
            #expect(made.status == 400)
            #expect(try await service.names(of: key) == ["Chair"])
        }
    }

    @Test(arguments: [
        "1", "not-an-id", "%00", "%E0%A4%A", "..", "{id}", "'%20OR%201=1",
        "0192f0c1-0000-7000-8000-00000000000",
        "gig_0192f0c1000070008000000000000000", "0192f0c1-0000-7000-8000-000000000000%20",
        "0192f0c1-0000-7000-8000-000000000000", "%CC%A3%CC%81",
    ])
    func `An invalid id names nothing: 404, as for one that nobody has`(id: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things/\(id)", as: service.auth.key())
            #expect(answer.status == 404)
            #expect(answer.code == "NOT_FOUND")
        }
    }

    @Test
    func `An id is read in capitals and in its prefixed form, and written in one`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let id = try #require(ThingID(path.dropFirst("/api/things/".count)))
            for form in [id.description, id.description.uppercased(), id.prefixed] {
                let answer = try await service.ask("GET", "/api/things/\(form)", as: key)
                #expect(answer["id"] == .string(id.description))
            }
        }
    }
}
