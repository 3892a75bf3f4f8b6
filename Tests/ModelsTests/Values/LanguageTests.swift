import Testing

@testable import SharedModels

/// The promise under test: a reader gets the language of ours that the browser asks for most.
@Suite struct LanguageTests {
    @Test(
        arguments: [
            ("de", .german), ("de-AT,de;q=0.9,en;q=0.8", .german), ("en-GB, de;q=0.9", .english), ("DE", .german),
            ("en;q=0.2, de;q=0.7", .german), ("fr, de ; q=0.5", .german), ("fr;q=1, en;q=0.1", .english),
            ("de;q=0", nil), ("fr", nil), ("*", nil), ("", nil), (",;q=1,-", nil), ("de;q=x, en;q=0.1", .english),
            ("de;Q=0.1, en;q=0.2", .english), ("de;level=1;q=0.3, en;q=0.2", .german),
            // To Swift, a comma, a semicolon and a letter with an accent behind them are other characters.
            ("fr,\u{301}de", nil), ("fr;q=0.1,de;\u{301}q=0", .german), ("de\u{301}", nil), (nil, nil),
        ] as [(String?, Language?)])
    func `the header says which`(header: String?, language: Language?) {
        #expect(Language(acceptedBy: header) == language)
    }
}
