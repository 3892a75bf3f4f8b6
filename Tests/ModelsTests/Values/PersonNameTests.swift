import Testing

@testable import SharedModels

/// The promise under test: a name is visible, does not deceive, and is kept in one form.
@Suite struct PersonNameTests {
    private static let schema = MemberRule.name.narrowing(.string)

    /// A name in an input: the stored form, or what is wrong with it.
    private func read(_ text: String) -> (kept: String?, issue: String?) {
        let value = Self.schema.normalizing(.string(text))
        let issue = Self.schema.issues(in: value).first?.message
        return (issue == nil ? value.string : nil, issue)
    }

    @Test(arguments: [
        "Ada Lovelace", "李小龍", "Zoë", "O\u{2019}Neill", "José-María 3rd.", "سارة", "می\u{200C}خواهم", "क्\u{200D}ष",
        "👩\u{200D}💻", "❤\u{FE0F}",
        "X", "🦆", "Å", String(repeating: "n", count: 100),
    ])
    func `names of all scripts are kept as they are`(name: String) {
        #expect(read(name).kept.map { Array($0.utf8) } == Array(name.utf8))
        #expect(PersonName.cleaned(name).map { Array($0.utf8) } == Array(name.utf8))
    }

    @Test(arguments: [
        (" Ada ", "Ada"), ("\t Ada\n", "Ada"), ("\u{3000}Ada\u{A0}", "Ada"), ("Zoe\u{308}", "Zo\u{EB}"),
        ("A\u{30A}", "\u{C5}"), ("\u{212B}", "\u{C5}"),
        (" " + String(repeating: "n", count: 100) + " ", String(repeating: "n", count: 100)),
    ])
    func `white space around a name goes, and its characters are composed`(text: String, name: String) {
        #expect(read(text).kept.map { Array($0.utf8) } == Array(name.utf8))
    }

    @Test(arguments: [
        "", " ", "\u{200B}", "\u{2800}", "\u{3164}", "\u{115F}", "\u{200D}", "\u{FE0F}", "\u{301}", "\u{A0}\u{2003}",
        "\u{200C}\u{200D}",
    ])
    func `a name that shows nothing is refused`(text: String) {
        #expect(read(text).issue != nil)
        #expect(PersonName.cleaned(text) == nil)
    }

    @Test(arguments: [
        ("Ada\nLovelace", "Ada Lovelace"), ("Ada\u{2028}L", "Ada L"), ("Ada\u{202E}ecalevoL", "AdaecalevoL"),
        ("A\u{200B}da", "Ada"), ("\u{2066}Ada\u{2069}", "Ada"), ("Ada\0", "Ada"), ("A\u{7}da", "Ada"),
        ("A\u{AD}da", "Ada"),
        ("\u{FEFF}Ada", "Ada"), ("A\u{E0041}da", "Ada"), ("A\u{85}da", "A da"), ("\u{200E}Ada", "Ada"),
    ])
    func `a name in disguise is refused, and cleaned where it comes from a provider`(text: String, name: String) {
        #expect(read(text).issue?.hasPrefix("must not have line breaks") == true)
        #expect(PersonName.cleaned(text) == name)
    }

    @Test func `a name that is too long is refused, and cut where it comes from a provider`() {
        let long = String(repeating: "n", count: 101)
        #expect(read(long).issue == "must have 1 to 100 characters")
        #expect(PersonName.cleaned(long) == String(repeating: "n", count: 100))
        #expect(PersonName.cleaned(String(repeating: "\u{200B}", count: 100_000) + "Ada") == nil)
        #expect(PersonName.cleaned(nil) == nil)
    }

    @Test func `only names are changed on their way in`() {
        let input = Schema.object(
            ObjectSchema(properties: [
                .init("name", .nullable(Self.schema), isRequired: true), .init("bio", .string, isRequired: true),
                .init("names", .array(of: Self.schema), isRequired: true),
            ]))
        let value: JSONValue = ["name": " A ", "bio": " b ", "names": [" c", 1, .null], "other": " d "]
        #expect(input.normalizing(value) == ["name": "A", "bio": " b ", "names": ["c", 1, .null], "other": " d "])
        #expect(input.normalizing(["name": .null]) == ["name": .null])
        #expect(input.normalizing(.string(" x ")) == .string(" x "))
    }

    @Test func `these are names`() throws {
        let members: [(any Model.Type, String)] = [
            (ProfileUpdate.self, "display_name"), (HostedAgentInput.self, "name"), (HostedAgentUpdate.self, "name"),
            (APIKeyInput.self, "name"),
        ]
        for (type, member) in members {
            let value: JSONValue = .object([JSONMember(member, "\u{202E}x")])
            let issues = try Schema.reflecting(type).issues(in: value)
            #expect(
                issues.contains { $0.path == member && $0.message.hasPrefix("must not have line breaks") }, "\(type)")
        }
    }

    @Test func `a required text that shows nothing is blank`() {
        let text = MemberRule.text(1...10).narrowing(.string)
        for blank in [" ", "\u{200B}", "\u{2060}\n", "\u{2800}"] {
            #expect(text.issues(in: .string(blank)).map(\.message) == ["must not be blank"])
        }
        for shown in ["a", "\u{200B}a", "🦆", "\u{E000}", "\u{10FFFD}"] {
            #expect(text.issues(in: .string(shown)).isEmpty)
        }
    }
}
