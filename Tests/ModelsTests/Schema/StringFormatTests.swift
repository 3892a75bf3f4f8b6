import SharedModels
import Testing

/// The promise under test: a text that passes has the format for every later reader.
@Suite struct StringFormatTests {
    private func accepts(_ format: StringFormat, _ text: String) -> Bool {
        var rules = StringRules()
        rules.format = format
        return Schema.string(rules).issues(in: .string(text)).isEmpty
    }

    @Test(arguments: [
        "http://a", "https://example.org", "HTTPS://EXAMPLE.ORG/", "https://example.org:8443/a/b?c=d&e=@f#g",
        "http://127.0.0.1:8080/", "http://[::1]/", "https://example.org?user=a@b", "https://example.org#a@b",
        "https://example.org/~me/@you", "https://münchen.example/ä/日本", "https://example.org/a%20b%0d",
        "https://example.org/" + String(repeating: "a", count: 2028),
    ])
    func `a web address is taken`(url: String) {
        #expect(accepts(.uri, url))
    }

    @Test(arguments: [
        "", "example.org", "//example.org", "/path", "http:", "http:/example.org", "http://", "https:///path",
        "http://?q", "http://#f", "http://:80", "ftp://example.org", "file:///etc/passwd",
        "javascript:alert(1)", "javascript://example.org/%0aalert(1)", "data:text/html,x",
        "gopher://example.org", "ws://example.org", " https://example.org", "https://example.org ",
        "x https://example.org", "http\n://example.org", "httpſ://example.org",
        "https://example.org/" + String(repeating: "a", count: 2029),
    ])
    func `another scheme, no host or an endless address is refused`(url: String) {
        #expect(!accepts(.uri, url))
    }

    @Test(arguments: [
        "http://user@example.org", "http://user:password@example.org/", "http://@example.org",
        "https://a@b@example.org", "http://example.org%2f@evil.example/", "http://user@\u{301}example.org/",
        "http://user\u{301}@example.org/",
    ])
    func `an address with credentials is refused`(url: String) {
        #expect(!accepts(.uri, url))
    }

    @Test(arguments: [
        "http://exa mple.org", "https://example.org/a b", "https://example.org/\t",
        "https://example.org/\r\nX-Header: 1", "https://example.org/\u{1}", "https://example.org/\u{7F}",
        "https://example.org/\u{85}", "https://example.org/\u{A0}", "https://example.org/\u{2028}",
        "https://example.org/\u{3000}", "http://example.org\\@evil.example/", "https:\\\\example.org",
        "https://example.org/\u{202E}gro.elpmaxe", "https://example.org/\u{200F}",
        "https://example.org/\u{9F}",
    ])
    func `an address that reads as another one is refused`(url: String) {
        #expect(!accepts(.uri, url))
    }

    @Test(arguments: [
        "a@b", "somebody@example.org", "some.body+tag@mail.example.org", "o'hara@example.org",
        "ü@münchen.example", "_@1.2",
    ])
    func `a mail address is taken`(address: String) {
        #expect(accepts(.email, address))
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a", "a@b@c", "a@@b", "a@.b", "a@b.", "a@\u{301}b@c", " a@b", "a@b ", "a b@c",
        "a@b\n", "a@b\r\nBcc: c@d", "a@b\u{1}", "a@b\u{7F}", "a@b\u{2028}", "a@b\u{85}", "Name <a@b>",
        "a@b,c@d", "a;b@c", "\"a\"@b", "a@[1.2.3.4]", "a(b)@c", "a\\b@c", "a:b@c", "mailto:a@b",
        "a@\u{202E}b", String(repeating: "a", count: 253) + "@b",
    ])
    func `what could name somebody else, or smuggle a header, is no mail address`(address: String) {
        #expect(!accepts(.email, address))
    }

    @Test(arguments: [
        "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b", "0192A0B1-C2D3-7E4F-8A5B-6C7D8E9F0A1B",
        "0192a0b1c2d37e4f8a5b6c7d8e9f0a1b", "user_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b",
        "00000000-0000-0000-0000-000000000000",
    ])
    func `an id is taken in each of its forms`(text: String) {
        #expect(accepts(.uuid, text))
    }

    @Test(arguments: [
        "", "1", "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1", "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1bb",
        "{0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b}", "0192a0b1c2d3-7e4f-8a5b-6c7d8e9f0a1b-",
        "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1g", "user_0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b",
        "urn:uuid:0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b", "a_b_0192a0b1c2d37e4f8a5b6c7d8e9f0a1b",
        "0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b\n",
    ])
    func `what is no id is refused`(text: String) {
        #expect(!accepts(.uuid, text))
    }

    @Test(arguments: [
        (StringFormat.date, "2024-02-29", true), (.date, "2023-02-29", false), (.date, "2024-2-29", false),
        (.date, "2024-02-29T00:00:00Z", false), (.dateTime, "2024-02-29T00:00:00Z", true),
        (.dateTime, "2024-02-29", false), (.dateTime, "2024-02-29T00:00:00", false),
        (.dateTime, "2024-02-29T00:00:00.5+01:00", true),
    ])
    func `days and moments are those of the calendar`(format: StringFormat, text: String, fits: Bool) {
        #expect(accepts(format, text) == fits)
    }

    @Test func `a refusal says what is expected`() {
        func message(_ format: StringFormat) -> String? {
            var rules = StringRules()
            rules.format = format
            return Schema.string(rules).issues(in: "?").first?.message
        }
        #expect(message(.uuid) == "must be an id (a UUID)")
        #expect(message(.date) == "must be a date as YYYY-MM-DD")
        #expect(message(.dateTime) == "must be a time, such as 2026-01-31T12:00:00Z")
        #expect(message(.uri) == "must be an http or https URL without credentials")
        #expect(message(.email) == "must be a mail address")
    }
}
