import Testing

@testable import NotificationsService

/// The promise under test: what a user writes pings nobody, hides no link and has no format, and fits each provider.
@Suite struct InertTextTests {
    private let hostile =
        "<!channel> <https://evil.example|Log in> [pay here](https://evil.example) *b* _i_ `c` & @everyone"

    @Test func `Slack reads neither mentions nor links in it`() {
        #expect(
            InertText.slack(hostile)
                == "&lt;!channel&gt; &lt;https://evil.example|Log in&gt; [pay here](https://evil.example) *b* _i_ `c` &amp; @everyone"
        )
    }

    @Test func `Discord reads neither links nor formats in it`() {
        let text = InertText.discord("# a\n" + hostile + "\n- b\nx - y # z")
        #expect(text.hasPrefix("\\# a\n\\<!channel\\> "))
        #expect(text.contains("\\[pay here\\]\\(https://evil.example\\)"))
        #expect(text.contains("\\*b\\* \\_i\\_ \\`c\\`"))
        #expect(text.hasSuffix("\n\\- b\nx - y # z"))
    }

    @Test func `a combining mark hides nothing`() {
        #expect(InertText.slack("<\u{301}!here>\u{301}") == "&lt;\u{301}!here&gt;\u{301}")
        #expect(InertText.discord("[\u{301}a]\u{301}(b)") == "\\[\u{301}a\\]\u{301}\\(b\\)")
    }

    @Test func `Telegram finds no mention in it, and gets it as it is otherwise`() {
        #expect(InertText.telegram(hostile) == hostile.replacing("@everyone", with: "@\u{2060}everyone"))
        #expect(
            InertText.telegram("@ada (@bob) a@b.example 7@c @")
                == "@\u{2060}ada (@\u{2060}bob) a@b.example 7@c @\u{2060}")
        #expect(InertText.telegram("é@ada\n@b") == "é@\u{2060}ada\n@\u{2060}b")
        #expect(InertText.telegram("a\u{202E}b\u{7}c\nd\u{2066}") == "abc\nd")
    }

    @Test(arguments: ["a", "😀", "👩‍👩‍👧‍👦", "é", "<", "*", "&"])
    func `each provider's own unit decides where it is cut`(piece: String) {
        let text = String(repeating: piece, count: 5000)
        let (telegram, slack, discord) = (InertText.telegram(text), InertText.slack(text), InertText.discord(text))
        #expect(telegram.utf16.count <= 4096 && telegram.utf16.count > 4096 - 16 && telegram.hasSuffix("…"))
        #expect(slack.unicodeScalars.count <= 4000 && slack.unicodeScalars.count > 4000 - 16)
        #expect(discord.unicodeScalars.count <= 2000 && discord.unicodeScalars.count > 2000 - 16)
        // No entity and no escape is cut in two.
        #expect(
            slack.dropLast().hasSuffix(InertText.slack(piece)) && discord.dropLast().hasSuffix(InertText.discord(piece))
        )
        #expect(InertText.telegram(String(repeating: "a", count: 4096)).count == 4096)
    }
}
