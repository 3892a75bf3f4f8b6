import SharedModels
import Testing

struct CardUpdate: PartialUpdate, Equatable {
    var title: String?
    var count: Int?
    var state: Currency?
    var note: Patch<String> = .keep
    var tags: Patch<[String]> = .keep
    var limit: Patch<Int64> = .keep
    var due: Patch<Timestamp> = .keep

    static let rules: [String: MemberRule] = [
        "title": .text(1...5), "note": .text(1...5), "limit": .range(0...9),
    ]
}

/// The promise under test: a partial update changes only the members that it names, and clears only what can be empty.
@Suite struct PatchTests {
    private func schema() throws -> Schema { try Schema.reflecting(CardUpdate.self) }

    private func read(_ text: String) throws -> CardUpdate {
        try JSONValue.decode(CardUpdate.self, from: text.utf8)
    }

    @Test func `a patch keeps, clears or sets`() {
        #expect(Patch<Int>.keep.applied(to: 1) == 1)
        #expect(Patch<Int>.keep.applied(to: nil) == nil)
        #expect(Patch<Int>.clear.applied(to: 1) == nil)
        #expect(Patch<Int>.set(2).applied(to: 1) == 2)
        #expect(Patch<Int>.set(2).applied(to: nil) == 2)
    }

    @Test(arguments: [
        ("{}", CardUpdate()), (#"{"note":null}"#, CardUpdate(note: .clear)),
        (#"{"note":"x"}"#, CardUpdate(note: .set("x"))),
        (#"{"tags":[],"limit":null}"#, CardUpdate(tags: .set([]), limit: .clear)),
        (#"{"title":"T","count":1,"state":"usd"}"#, CardUpdate(title: "T", count: 1, state: .usd)),
        (#"{"due":"1970-01-01T00:00:00Z"}"#, CardUpdate(due: .set(Timestamp(microseconds: 0)))),
    ])
    func `absent, null and a value are three things, both ways`(text: String, update: CardUpdate) throws {
        #expect(try read(text) == update)
        #expect(String(decoding: try JSONValue.encode(update), as: UTF8.self) == text)
        #expect(try schema().issues(in: JSONValue.parse(text.utf8)) == [])
    }

    @Test(arguments: [("title", "a string"), ("count", "a whole number"), ("state", "a string")])
    func `a member that cannot be empty is refused as null, by its name`(name: String, kind: String) throws {
        let value = JSONValue.object([JSONMember(name, .null)])
        #expect(
            try schema().issues(in: value) == [InputIssue(path: name, message: "must be \(kind), not null")])
    }

    @Test func `what is set is checked as in any body`() throws {
        let value: JSONValue = ["note": "", "limit": 10, "tags": [nil], "due": "today", "title": "too long"]
        #expect(
            try schema().issues(in: value) == [
                InputIssue(path: "title", message: "must have 1 to 5 characters"),
                InputIssue(path: "note", message: "must not be blank"),
                InputIssue(path: "tags.0", message: "must be a string, not null"),
                InputIssue(path: "limit", message: "must be 0 to 9"),
                InputIssue(path: "due", message: "must be a time, such as 2026-01-31T12:00:00Z"),
            ])
    }

    @Test func `nothing is required of a partial update`() throws {
        #expect(try schema().properties.allSatisfy { !$0.isRequired })
        for type in Catalogue.models where type is any PartialUpdate.Type {
            #expect(try Schema.reflecting(type).issues(in: [:]) == [])
        }
    }

    @Test(arguments: [
        ("title", false), ("status", false), ("description", true), ("scope", true), ("rate_cents", true),
    ])
    func `a gig's title and status stay, its other members can be cleared`(name: String, canBeCleared: Bool)
        throws
    {
        let issues = try Schema.reflecting(GigUpdate.self).issues(in: .object([JSONMember(name, .null)]))
        #expect(issues.map(\.path) == (canBeCleared ? [] : [name]))
    }

    @Test func `every body for a PATCH with members to clear is a partial update`() {
        for operation in Catalogue.all where operation.method == .patch {
            guard let type = operation.input as? any Model.Type else { continue }
            #expect(type is any PartialUpdate.Type || type == ApplicationUpdate.self, "\(operation.id)")
        }
    }
}
