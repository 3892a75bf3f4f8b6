import Testing

@testable import SharedModels

private struct Claim: Model, Equatable {
    var gigID: GigID
    var sum: Int64
    var note: String?
    var isPaid: Bool
    var share: Double?
    var count: Int?
    var day: CalendarDay?
    var at: Timestamp?
    var currency: Currency?
    var proofs: [Proof]
    var grid: [[Int?]]?
    var extra: JSONValue?
    var byName: [String: Int]?

    struct Proof: Model, Equatable {
        var webURL: String
        var kind: EvidenceType
    }
}

private struct Narrow: Codable, Equatable {
    var tiny: Int8?
    var byte: UInt8?
    var large: UInt64?
    var small: Float?
}

/// Asks its decoder for every kind of container.
private struct ByHand: Decodable {
    var first = 0
    var rest: [String] = []
    var inner = ""

    enum Key: String, CodingKey { case list, inner }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        first = try list.decode(Int.self)
        if try list.decodeNil() { rest.append("nothing") }
        while !list.isAtEnd { rest.append(try list.decode(String.self)) }
        inner = try container.nestedContainer(keyedBy: Key.self, forKey: .inner).decode(String.self, forKey: .inner)
    }
}

/// The promise under test: a body is decoded from the checked value, and a mismatch is reported with its place.
@Suite struct JSONDecodingTests {
    private static let gig = GigID.sample

    private static let whole: JSONValue = [
        "gig_id": "\(gig)", "sum": 5, "note": "n", "is_paid": true, "share": .decimal("0.25"), "count": 3,
        "day": "2026-01-31", "at": "2026-01-31T12:00:00Z", "currency": "usd",
        "proofs": [["web_url": "https://a.example", "kind": "build_log"]], "grid": [[1, nil], []],
        "extra": ["z": 1, "gigID": ["b_c": nil], "a": .decimal("1.10")], "by_name": ["gigID": 1, "a_b": 2],
    ]

    private func refusal(_ changes: JSONValue) -> InputIssue? {
        var members = Self.whole.object ?? []
        for change in changes.object ?? [] {
            members.removeAll { $0.name == change.name }
            members.append(change)
        }
        do {
            _ = try JSONValue.object(members).decode(Claim.self)
            return nil
        } catch {
            return error.issue
        }
    }

    @Test func `every kind of member is read`() throws {
        let claim = try Self.whole.decode(Claim.self)
        #expect(claim.gigID == Self.gig)
        #expect(claim.sum == 5)
        #expect(claim.note == "n")
        #expect(claim.isPaid)
        #expect(claim.share == 0.25)
        #expect(claim.count == 3)
        #expect(claim.day == CalendarDay("2026-01-31"))
        #expect(claim.at == Timestamp("2026-01-31T12:00:00Z"))
        #expect(claim.currency == .usd)
        #expect(claim.proofs == [.init(webURL: "https://a.example", kind: .buildLog)])
        #expect(claim.grid == [[1, nil], []])
    }

    @Test func `a value that is kept as JSON keeps its names and their order, and so does a dictionary`() throws {
        for style in KeyStyle.allCases {
            let claim = try JSONValue(encoding: Self.whole.decode(Claim.self), in: style).decode(Claim.self, in: style)
            #expect(claim == (try Self.whole.decode(Claim.self)))
            #expect(claim.extra?.bytes == Self.whole["extra"]?.bytes)
            #expect(claim.byName == ["gigID": 1, "a_b": 2])
        }
    }

    @Test func `a type is read in the style that it is written in`() throws {
        let claim = try Self.whole.decode(Claim.self)
        let camel = try JSONValue(encoding: claim, in: .camelCase)
        #expect(camel["gigId"] == "\(Self.gig)")
        #expect(camel["proofs"]?.array?.first?["webUrl"] == "https://a.example")
        #expect(camel["gig_id"] == nil)
        #expect(throws: JSONMismatch.self) { try camel.decode(Claim.self) }
    }

    @Test func `absent and null are nothing, and strangers are left out`() throws {
        let value: JSONValue = ["gig_id": "\(Self.gig)", "sum": 1, "is_paid": false, "proofs": [], "note": nil, "x": 1]
        let claim = try value.decode(Claim.self)
        #expect(claim == Claim(gigID: Self.gig, sum: 1, isPaid: false, proofs: []))
    }

    @Test(
        arguments: [
            (["sum": "5"], "sum", "must be a whole number, not string"),
            (["sum": nil], "sum", "must be a whole number, not null"),
            (["sum": .decimal("1.5")], "sum", "must be a whole number of \(Int64.min) to \(Int64.max), not number"),
            (["is_paid": 1], "is_paid", "must be true or false, not integer"),
            (["note": ["a"]], "note", "must be a string, not array"),
            (["gig_id": "x"], "gig_id", "must be an id (a UUID)"),
            (["gig_id": "user_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b"], "gig_id", "not an id: a UUID is expected"),
            (["day": "2026-02-30"], "day", "must be a date as YYYY-MM-DD"),
            (["at": "noon"], "at", "must be a time, such as 2026-01-31T12:00:00Z"),
            (["currency": "eur"], "currency", "must be one of usd, inr"),
            (["proofs": nil], "proofs", "must be a list, not null"),
            (["proofs": [["web_url": "u", "kind": "other"], ["kind": "other"]]], "proofs.1.web_url", "is required"),
            (["proofs": [["web_url": 1, "kind": "other"]]], "proofs.0.web_url", "must be a string, not integer"),
            (["proofs": ["x"]], "proofs.0", "must be an object, not string"),
            (["grid": [[1], [2, "x"]]], "grid.1.1", "must be a whole number, not string"),
            (["by_name": ["gigID": "x"]], "by_name.gigID", "must be a whole number, not string"),
            (["share": "x"], "share", "must be a number, not string"),
            (["share": .decimal("1e999")], "share", "is too large a number"),
        ] as [(JSONValue, String, String)])
    func `what does not fit is named, with what would`(changes: JSONValue, path: String, message: String) {
        #expect(refusal(changes) == InputIssue(path: path, message: message))
    }

    @Test func `a member that is missing is named`() {
        #expect(throws: JSONMismatch.self) { try JSONValue.object([]).decode(Claim.self) }
        do {
            _ = try JSONValue.object([]).decode(Claim.self)
        } catch {
            #expect(error.issue == InputIssue(path: "gig_id", message: "is required"))
        }
    }

    @Test func `numbers are read in the whole range of their type, and not beyond`() throws {
        let narrow: JSONValue = ["tiny": -128, "byte": 255, "large": .decimal("18446744073709551615"), "small": 1]
        #expect(try narrow.decode(Narrow.self) == Narrow(tiny: -128, byte: 255, large: .max, small: 1))
        for value: JSONValue in [
            ["tiny": 128], ["byte": -1], ["byte": 256], ["large": -1], ["large": .decimal("18446744073709551616")],
        ] {
            #expect(throws: JSONMismatch.self, "\(value)") { try value.decode(Narrow.self) }
        }
    }

    @Test func `containers can be asked for by hand`() throws {
        let value: JSONValue = ["list": [1, nil, "a", "b"], "inner": ["inner": "x"]]
        let byHand = try value.decode(ByHand.self)
        #expect(byHand.first == 1)
        #expect(byHand.rest == ["nothing", "a", "b"])
        #expect(byHand.inner == "x")
        #expect(throws: JSONMismatch.self) { try JSONValue.object([JSONMember("list", [])]).decode(ByHand.self) }
    }

    @Test func `a value alone is read as well`() throws {
        #expect(try JSONValue.string("a").decode(String.self) == "a")
        #expect(try JSONValue.null.decode(Int?.self) == nil)
        #expect(try JSONValue.decode([Int].self, from: "[1,2]".utf8) == [1, 2])
        #expect(try JSONValue.decode(JSONValue.self, from: #"{"b":1,"a":2}"#.utf8) == ["b": 1, "a": 2])
        #expect(throws: JSONSyntaxError.self) { try JSONValue.decode(Int.self, from: "{".utf8) }
    }
}
