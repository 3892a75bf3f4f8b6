import SharedModels
import Testing

/// The promise under test: text from outside cannot become markup.
@Suite struct MarkupTests {
    @Test(arguments: [
        ("", ""), ("Ada", "Ada"), ("R&D <b>'x'</b>", "R&amp;D &lt;b&gt;&#39;x&#39;&lt;/b&gt;"),
        ("\" onload=\"", "&quot; onload=&quot;"), ("&lt;", "&amp;lt;"), ("Grüße, 世界", "Grüße, 世界"),
    ])
    func `what has a meaning in markup is escaped, and nothing else`(text: String, markup: String) {
        #expect(Markup.escape(text) == markup)
    }

    @Test(arguments: ["&", "<", ">", "\"", "'"])
    func `a combining mark does not hide a character from the escaping`(character: String) {
        let markup = Markup.escape("a\(character)\u{301}b")
        #expect(markup == "a\(Markup.escape(character))\u{301}b")
        #expect(character == "&" || !markup.utf8.contains(character.utf8.first ?? 0))
    }
}
