import HTTPTypes
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: an error on SkillSync says what was given and what fits, and never repeats a secret.
@Suite struct IssueDetailTests {
    private func details(
        _ body: JSONValue, query: String = "", by service: TestService
    ) async throws -> JSONValue? {
        try await service.ask("POST", "/v1/things\(query)", as: service.auth.key(), body)["error"]?["details"]
    }

    @Test(
        arguments: [
            (["name": "a", "size": "big"], "size", "big", "a whole number, 0 to 100, or null"),
            (["name": "a", "size": 101], "size", 101, "a whole number, 0 to 100, or null"),
            (["size": 1], "name", nil, "a string of 1 to 40 characters, not blank"),
            (["name": true], "name", true, "a string of 1 to 40 characters, not blank"),
            (["name": [1, 2, 3]], "name", "a list of 3", "a string of 1 to 40 characters, not blank"),
            (["name": ["secret": "hush"]], "name", "an object", "a string of 1 to 40 characters, not blank"),
            (["name": "a", "parts": [["label": 5]]], "parts.0.label", 5, "a string"),
            (["name": "a", "parts": [[:]]], "parts.0.label", nil, "a string"),
            (["name": "a", "colour": "red"], "colour", nil, "one of name, size, parts"),
            (["name": "a", "parts": [["label": "l", "sort": 1]]], "parts.0.sort", nil, "one of label"),
        ] as [(JSONValue, JSONValue, JSONValue, JSONValue)])
    func `a refusal shows the body's first fault, with what was given and what is taken`(
        body: JSONValue, field: JSONValue, provided: JSONValue, expected: JSONValue
    )
        async throws
    {
        try await TestService.use { service in
            let details = try await details(body, by: service)
            #expect(details?["field"] == field && details?["provided"] == provided, "\(details ?? nil)")
            #expect(details?["expected"] == expected, "\(details ?? nil)")
        }
    }

    @Test(
        arguments: [
            (["name": "a", "size": 101], "must_be_0_to_100", "Send size as a whole number, 0 to 100, or null."),
            (["size": 1], "is_required", "Send name as a string of 1 to 40 characters, not blank."),
            (
                ["name": "a", "colour": "red"], "is_not_known_here",
                "Leave colour out; one of name, size, parts is taken here."
            ),
        ] as [(JSONValue, String, String)])
    func `the reason is for programs, the suggestion says what would help`(
        body: JSONValue, reason: String, suggestion: String
    ) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", "/v1/things", as: service.auth.key(), body)
            #expect(answer["error"]?["details"]?["issue"]?.string == reason)
            #expect(answer["error"]?["suggestion"]?.string == suggestion)
        }
    }

    @Test func `a control character is shown as one that every reader takes`() async throws {
        try await TestService.use { service in
            let details = try await details(["name": "a", "size": "0-\u{1B}é\u{9B}"], by: service)
            #expect(details?["provided"]?.string == "0-\u{FFFD}é\u{FFFD}")
        }
    }

    @Test func `a long text is cut`() async throws {
        try await TestService.use { service in
            let details = try await details(["name": .string(String(repeating: "é", count: 5_000))], by: service)
            #expect(details?["provided"]?.string == String(repeating: "é", count: 100) + "…")
        }
    }

    @Test(arguments: [
        "sk_live_0123456789012345678901234567890123456789",
        "my key is cc_live_0123456789012345678901234567890123456789",
        "https://ada:hush@example.com/a-hook-that-is-too-long", "Bearer 0123456789012345678901234567890123456789",
    ])
    func `what may be a secret is not repeated`(text: String) async throws {
        try await TestService.use { service in
            let details = try await details(["name": .string(text)], by: service)
            #expect(details?["field"] == "name" && details?["provided"] == JSONValue.null)
            #expect(details?["expected"]?.string?.isEmpty == false)
        }
    }

    @Test(arguments: ["secret", "password", "client_secret", "code_verifier", "refresh_token", "apiKey"])
    func `a member that holds secrets is not repeated`(name: String) {
        var rules = StringRules()
        rules.length = 20...30
        let schema = Schema.object(ObjectSchema(properties: [.init(name, .string(rules), isRequired: true)]))
        let given = JSONValue.object([JSONMember(name, "too short")])
        let issue = schema.issues(in: given).first
        #expect(issue.map { IssueDetail.mayBeSecret($0.path, "too short") } == true)
    }

    @Test(
        arguments: [
            ("?limit=0", "limit", "0", "a whole number, 1 to 100"),
            ("?limit=many", "limit", "many", "a whole number, 1 to 100"),
            ("?lmit=1", "lmit", nil, "one of limit"),
        ] as [(String, JSONValue, JSONValue, JSONValue)])
    func `a refusal shows the query's fault, with what was given and what is taken`(
        query: String, field: JSONValue, provided: JSONValue, expected: JSONValue
    ) async throws {
        try await TestService.use { service in
            let details = try await details(["name": "a"], query: query, by: service)
            #expect(details?["field"] == field && details?["provided"] == provided, "\(details ?? nil)")
            #expect(details?["expected"] == expected, "\(details ?? nil)")
        }
    }

    @Test func `what fits its schema and is refused all the same is expected as the refusal says`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change {
                $0 = { _ in throw Refusal.validation("name", "must be another than before") }
            }
            let details = try await details(["name": "Chair"], by: service)
            #expect(details?["provided"] == "Chair" && details?["expected"] == "another than before")
        }
    }

    @Test(arguments: [
        ("must be in the future", "in the future"), ("must not be less than min", "not less than min"),
        ("must name somebody else", "name somebody else"),
    ])
    func `what only the refusal knows is suggested in its words`(message: String, expected: String) async throws {
        try await TestService.use { service in
            service.things.afterChange.change { $0 = { _ in throw Refusal.validation("name", message) } }
            let answer = try await service.ask("POST", "/v1/things", as: service.auth.key(), ["name": "Chair"])
            #expect(answer["error"]?["details"]?["expected"]?.string == expected)
            #expect(answer["error"]?["suggestion"]?.string == "Correct name: it \(message).")
        }
    }

    @Test func `where a form has another field, the one that is taken is named`() throws {
        let operation = try #require(Catalogue.all.first { $0.id == "skillsync.profiles.photo" })
        let head = RequestHead(method: "POST", path: operation.path, pathParameters: [], query: [], headers: [:])
        let issue = InputIssue.unknown("picture", known: ["photo"])
        let detail = IssueDetail(issue, operation, head, body: [])
        #expect(detail.expected == "one of photo")
        #expect(
            SkillSyncHelp.suggestion(for: Refusal.validation([issue]), detail)
                == "Leave picture out; one of photo is taken here.")
    }

    @Test func `what a refusal itself says would help is suggested before anything else`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change {
                $0 = { _ in
                    let issue = InputIssue(path: "name", message: "must be in the future")
                    throw Refusal(.validationFailed, "No.", issues: [issue], suggestion: "Come again tomorrow.")
                }
            }
            let answer = try await service.ask("POST", "/v1/things", as: service.auth.key(), ["name": "Chair"])
            #expect(answer["error"]?["suggestion"] == "Come again tomorrow.")
            #expect(answer["error"]?["details"]?["expected"] == "in the future")
        }
    }

    @Test(
        arguments: [
            ("/v1/things", #"{"name": }"#, "application/json", "at byte"),
            ("/v1/things", "[]", "application/json", "{ and }"),
            ("/v1/things", "a=b", "application/x-www-form-urlencoded", "application/json"),
            ("/v1/nothing", "{}", "application/json", "/openapi.json"),
        ])
    func `what every endpoint refuses is suggested with the place or the type that it is about`(
        path: String, body: String, type: String, suggested: String
    ) async throws {
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", path, as: service.auth.key(), bytes: Array(body.utf8), headers: [("Content-Type", type)])
            #expect(answer["error"]?["suggestion"]?.string?.contains(suggested) == true, "\(answer)")
        }
    }

    @Test func `a key that lacks a scope is told which one`() async throws {
        try await TestService.use { service in
            let reader = service.auth.key([.gigsRead])
            let answer = try await service.ask("POST", "/v1/things", as: reader, ["name": "Chair"])
            #expect(answer["error"]?["suggestion"]?.string?.contains("the scope gigs:write") == true, "\(answer)")
        }
    }

    @Test func `the values of a choice are no part of its reason`() {
        #expect(SkillSyncHelp.reason("must be one of junior, mid, senior, lead") == "must_be_one_of")
        #expect(SkillSyncHelp.reason("must be 1 to 100") == "must_be_1_to_100")
    }

    @Test func `a value that a parameter does not take is a validation error, as a body's is`() throws {
        let refusal = Refusal(
            .badRequest, "No.", issues: [InputIssue(path: "experience_level", message: "must be one of junior, mid")])
        func code(_ surface: Surface) throws -> String? {
            let bytes = ErrorBody.bytes(refusal, surface: surface, requestID: "r", at: Timestamp(seconds: 0))
            return try JSONValue.parse(bytes)["error"]?["code"]?.string
        }
        #expect(try code(.skillSync) == "VALIDATION_ERROR")
        #expect(try code(.clawConnected) == "BAD_REQUEST")
    }

    @Test func `a body that is not JSON has no field`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", "/v1/things", as: service.auth.key(), bytes: Array("{".utf8),
                headers: [("Content-Type", "application/json")])
            #expect(
                answer["error"]?["details"] == ["field": nil, "issue": nil, "provided": nil, "expected": nil],
                "\(answer)")
        }
    }
}
