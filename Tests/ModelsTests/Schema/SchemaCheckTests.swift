import SharedModels
import Testing

private struct Claim: Model {
    var reason: String
    var amount: Int64
    var isUrgent: Bool
    var evidence: [Evidence]?

    static let rules: [String: MemberRule] = [
        "reason": .text(1...10), "amount": .amount, "evidence": .count(0...100),
    ]
}

private struct Evidence: Model {
    var url: String
    var note: String?
    static let rules: [String: MemberRule] = ["url": .format(.uri)]
}

/// The promise under test: a body is refused with every fault named, and nothing undeclared passes.
@Suite struct SchemaCheckTests {
    private func issues(_ text: String) throws -> [String] {
        try Schema.reflecting(Claim.self).issues(in: JSONValue.parse(text.utf8)).map {
            "\($0.path) \($0.message)"
        }
    }

    @Test func `a body that fits has no issues, optionals absent or null`() throws {
        #expect(try issues(#"{"reason":"late","amount":0,"is_urgent":false}"#) == [])
        #expect(
            try issues(#"{"is_urgent":true,"amount":9007199254740991,"reason":"late","evidence":null}"#) == [])
        #expect(
            try issues(
                #"{"reason":"late","amount":0,"is_urgent":true,"evidence":[{"url":"http://a","note":null}]}"#
            ) == [])
    }

    @Test(arguments: [
        (#""5""#, "string"), ("5.0", "number"), ("5e0", "number"), ("9223372036854775808", "number"),
        ("true", "boolean"), ("null", "null"), ("[5]", "array"), ("{}", "object"),
    ])
    func `only a whole number is a whole number`(amount: String, kind: String) throws {
        #expect(
            try issues(#"{"reason":"late","amount":\#(amount),"is_urgent":false}"#)
                == ["amount must be a whole number, not \(kind)"])
    }

    @Test(arguments: ["-1", "9007199254740992", "-9223372036854775808"])
    func `an amount is not negative and survives every reader`(amount: String) throws {
        #expect(
            try issues(#"{"reason":"late","amount":\#(amount),"is_urgent":false}"#) == [
                "amount must be 0 to 2^53 - 1"
            ])
    }

    @Test func `every fault is named at once, in the order of declaration`() throws {
        #expect(
            try issues(#"{"is_urgent":1,"reason":7}"#) == [
                "reason must be a string, not integer", "amount is required",
                "is_urgent must be true or false, not integer",
            ])
        #expect(try issues("{}") == ["reason is required", "amount is required", "is_urgent is required"])
    }

    @Test(arguments: ["[]", "null", "1", "\"x\""])
    func `a body that is no object is refused as a whole`(text: String) throws {
        let found = try issues(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(" must be an object, not ") == true)
    }

    @Test func `a member that is not known is refused by its name, at its place`() throws {
        let start = #"{"reason":"late","amount":0,"is_urgent":false"#
        let all = "known: reason, amount, is_urgent, evidence"
        let known = "is not known here; \(all)"
        #expect(
            try issues(start + #","isUrgent":true}"#) == [
                "isUrgent is not known here (did you mean is_urgent?); \(all)"
            ])
        #expect(try issues(start + #","Reason":"x"}"#) == ["Reason is not known here (did you mean reason?); \(all)"])
        #expect(try issues(start + #","":1}"#) == [" \(known)"])
        #expect(
            try issues(start + #","evidence":[{"url":"https://a.b","uri":1}]}"#)
                == ["evidence.0.uri is not known here (did you mean url?); known: url, note"])
        let long = String(repeating: "n", count: 200)
        #expect(try issues(start + ",\"\(long)\":1}") == ["\(long.prefix(64)) \(known)"])
        let nothing = Schema.object(ObjectSchema(properties: []))
        #expect(
            nothing.issues(in: ["a": 1]) == [
                InputIssue(path: "a", message: "is not known here; known: nothing")
            ])
    }

    @Test func `the path leads to the fault`() throws {
        let evidence = #"[{"url":"ftp://a"},{},{"url":"https://a.b","note":3}]"#
        let text = #"{"reason":"late","amount":0,"is_urgent":false,"evidence":\#(evidence)}"#
        #expect(
            try issues(text) == [
                "evidence.0.url must be an http or https URL without credentials",
                "evidence.1.url is required",
                "evidence.2.note must be a string, not integer",
            ])
        let list = Schema.array(of: .boolean)
        #expect(
            list.issues(in: [true, 0]) == [
                InputIssue(path: "1", message: "must be true or false, not integer")
            ])
    }

    @Test(arguments: ["", " ", "\t\n\r", "\u{A0}\u{3000}", "\u{2028}"])
    func `white space alone is blank`(reason: String) throws {
        let value: JSONValue = ["reason": .string(reason), "amount": 0, "is_urgent": false]
        #expect(
            try Schema.reflecting(Claim.self).issues(in: value) == [
                InputIssue(path: "reason", message: "must not be blank")
            ])
    }

    @Test(arguments: [
        (String(repeating: "x", count: 10), true), (String(repeating: "x", count: 11), false),
        (String(repeating: "e\u{301}", count: 5), true), (String(repeating: "e\u{301}", count: 6), false),
        (String(repeating: "😀", count: 10), true), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", false), (" x ", true),
    ])
    func `length counts Unicode scalars and nothing is trimmed`(reason: String, fits: Bool) throws {
        let value: JSONValue = ["reason": .string(reason), "amount": 0, "is_urgent": false]
        #expect(
            try Schema.reflecting(Claim.self).issues(in: value).map(\.message)
                == (fits ? [] : ["must have 1 to 10 characters"]))
    }

    @Test func `a list has no more elements than declared, and its elements are not looked at then`() throws {
        let evidence = Array(repeating: #"{"url":1}"#, count: 101).joined(separator: ",")
        #expect(
            try issues(#"{"reason":"late","amount":0,"is_urgent":false,"evidence":[\#(evidence)]}"#)
                == ["evidence must have at most 100 elements"])
        #expect(Schema.array(of: .any).issues(in: .array(Array(repeating: .null, count: 10_001))).count == 1)
        #expect(
            Schema.array(of: .any, count: 2...3).issues(in: [1]).first?.message == "must have 2 to 3 elements"
        )
    }

    @Test func `no body has more than 50 issues`() throws {
        let strangers = JSONValue.object((0..<20_000).map { JSONMember("m\($0)", .null) })
        #expect(try Schema.reflecting(Claim.self).issues(in: strangers).count == 50)
        let wrong = JSONValue.array(Array(repeating: "x", count: 10_000))
        #expect(Schema.array(of: .integer).issues(in: wrong).count == 50)
        let missing = ObjectSchema(properties: (0..<100).map { .init("p\($0)", .boolean, isRequired: true) })
        #expect(Schema.object(missing).issues(in: [:]).count == 50)
        #expect(Schema.array(of: .object(missing)).issues(in: [[:], [:]]).count == 50)
    }

    @Test func `any value is any value`() throws {
        for value in [nil, true, 1, .decimal("1e999"), "x", [], [:]] as [JSONValue] {
            #expect(Schema.any.issues(in: value) == [])
        }
        #expect(Schema.number.issues(in: 1) == [])
        #expect(Schema.number.issues(in: .decimal("1.5")) == [])
        #expect(Schema.number.issues(in: "1.5").first?.message == "must be a number, not string")
        let share = Schema.number(0...1)
        for value: JSONValue in [0, 1, .decimal("0.85"), .decimal("1e-3")] { #expect(share.issues(in: value) == []) }
        for value: JSONValue in [2, -1, .decimal("1.01"), .decimal("1e400")] {
            #expect(share.issues(in: value).first?.message == "must be 0 to 1")
        }
    }
}
