import SharedModels
import Testing

/// The promise under test: bytes and text are converted in one way everywhere.
@Suite struct EncodingTests {
    @Test(arguments: [([], ""), ([0], "00"), ([0x0F, 0xA0, 0xFF], "0fa0ff")] as [([UInt8], String)])
    func `bytes are two hexadecimal digits each`(bytes: [UInt8], text: String) {
        #expect(Hexadecimal.encode(bytes) == text)
        #expect(Hexadecimal.decode(text) == bytes)
        #expect(Hexadecimal.decode(text.uppercased()) == bytes)
    }

    @Test(arguments: ["0", "0g", " 00", "00 ", "0x00", "٠٠", "0\u{301}0", "-1"])
    func `what is not hexadecimal is refused`(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    /// RFC 4648, section 10, without the padding; and the two characters that differ from plain base 64.
    @Test(
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"), ("??>", "Pz8-"), ("???", "Pz8_"),
        ])
    func `bytes are written in base 64 for URLs and read back`(plain: String, text: String) {
        #expect(Base64URL.encode(plain.utf8) == text)
        #expect(Base64URL.decode(text) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Pz8+", "Pz8/", "Zm 9v", "Zm9v\n", "Zm9vé", "ZZZZZ"])
    func `what base 64 for URLs never writes is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("??>", "Pz8+"), ("???", "Pz8/"),
        ])
    func `bytes are written in plain base 64, with padding or without, and read back`(plain: String, text: String) {
        let unpadded = text.replacing("=", with: "")
        #expect(Base64.encode(plain.utf8) == text && Base64.encode(plain.utf8, padded: false) == unpadded)
        #expect(Base64.decode(text) == Array(plain.utf8))
        #expect(Base64.decode(unpadded, padded: false) == Array(plain.utf8))
        #expect(Base64.decode(text, padded: unpadded == text) == (unpadded == text ? Array(plain.utf8) : nil))
    }

    @Test(
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9", "Zm9v=", "Zm9v====", "Pz8-", "Pz8_", "Zm 9", "Zm9v\n", "Zm=v",
            "====", "Zm9vé===",
        ])
    func `what plain base 64 never writes is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `a form is written and read with plus signs and escapes`() {
        #expect(FormEncoding.text([("a b", "c&d=é"), ("e", "~*-._")]) == "a+b=c%26d%3D%C3%A9&e=%7E*-._")
        #expect(FormEncoding.decode(Array("c%26d+%c3%A9".utf8)).map { String(decoding: $0, as: UTF8.self) } == "c&d é")
    }

    @Test func `the pairs of a form come in their order, still encoded, and nothing is no pair`() {
        func pairs(_ text: String, most: Int = .max) -> [[String]] {
            FormEncoding.pairs(Array(text.utf8), most: most).map {
                [String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)]
            }
        }
        #expect(pairs("") == [] && pairs("&&") == [])
        #expect(pairs("b=%26&a+b&=c&b=d=e&") == [["b", "%26"], ["a+b", ""], ["", "c"], ["b", "d=e"]])
        #expect(pairs("a=1&&b=2&c=3", most: 2) == [["a", "1"], ["b", "2"]])
        #expect(FormEncoding.text(decoding: "a+%C3%A9".utf8) == "a é")
        #expect(FormEncoding.text(decoding: "%C3".utf8) == nil && FormEncoding.text(decoding: "%C".utf8) == nil)
    }

    @Test(arguments: ["%", "%4", "%zz", "a%", "%%41"])
    func `a broken escape is refused, or kept as it is`(text: String) {
        #expect(FormEncoding.decode(Array(text.utf8)) == nil)
        #expect(FormEncoding.decode(Array(text.utf8), .kept)?.first == Array(text.utf8).first)
    }
}

/// The promise under test: a URL is parsed once, and forms that readers interpret differently are refused.
@Suite struct WebURLTests {
    @Test(
        arguments: [
            ("https://example.org", "https://example.org", "", ""),
            ("HTTPS://Example.ORG:443/a/b?c#d", "https://example.org", "/a/b", "?c#d"),
            ("http://localhost:8080/", "http://localhost:8080", "/", ""),
            ("http://[::1]:80?x=@y", "http://[::1]", "", "?x=@y"),
            ("http://[::1]:8080#a", "http://[::1]:8080", "", "#a"),
            ("https://münchen.example/straße", "https://münchen.example", "/straße", ""),
        ])
    func `origin, path and the rest are told`(text: String, origin: String, path: String, trailer: String) throws {
        let url = try #require(WebURL(text))
        #expect(url.origin == origin && url.path == path && url.trailer == trailer && url.text == text)
        #expect(url.isSecure == origin.hasPrefix("https:"))
    }

    @Test(
        arguments: [
            "", "null", "example.org", "//example.org", "ftp://example.org", "javascript://example.org", "http:/a",
            "https://", "https:///path", "https://:80", "https://a@example.org", "https://a:b@example.org",
            "https://example.org\u{301}@evil.example", "https://a@\u{301}example.org", "https://example.org:",
            "https://example.org:0", "https://example.org:65536", "https://example.org:+80", "https://example.org:8o",
            "https://a:80:80", "https://exa mple.org", "https://example.org/\n", "https://example.org\\@evil.example",
            "https://example.org/\u{202E}", "\u{301}https://example.org", "https:\u{301}//example.org",
        ])
    func `what is no plain web address is refused`(text: String) {
        #expect(WebURL(text) == nil)
    }
}

/// The promise under test: `Authorization` is read as bytes.
@Suite struct AuthorizationTests {
    @Test(arguments: ["Bearer k", "bearer k", "BEARER   k", " Bearer k ", "Bearer\tk"])
    func `a bearer token is found behind its scheme`(header: String) {
        #expect(Authorization.bearer(header) == "k")
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Basic k", "Bearerk", "Bearer\u{301} k", "k", "B\u{301}earer k"])
    func `anything else is no bearer token`(header: String) {
        #expect(Authorization.bearer(header) == nil)
    }

    @Test func `a combining mark behind the space belongs to the token, and does not hide it`() {
        #expect(Authorization.bearer("Bearer \u{301}k") == "\u{301}k")
        #expect(Authorization.bearer("Bearer a b") == "a b")
        #expect(Authorization.bearer(nil) == nil)
    }
}
