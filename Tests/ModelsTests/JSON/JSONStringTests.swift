import SharedModels
import Testing

/// The promise under test: a string that was read is text PostgreSQL can hold, character for character.
@Suite struct JSONStringTests {
    private func scalars(_ json: String) throws -> [Unicode.Scalar] {
        Array(try #require(try JSONValue.parse(json.utf8).string).unicodeScalars)
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u00E9""#, "éé"),
        (#""\u0001\u001f\u007f""#, "\u{1}\u{1F}\u{7F}"), (#""\ud83d\ude00""#, "😀"),
        (#""\uD800\uDC00\udbff\udfff""#, "\u{10000}\u{10FFFF}"), (#""\uffff\ufeff""#, "\u{FFFF}\u{FEFF}"),
        (#""a\u0062c""#, "abc"),
        ("\"\u{7F}\u{85}\u{2028}\u{2029}\u{FEFF}😀\"", "\u{7F}\u{85}\u{2028}\u{2029}\u{FEFF}😀"),
        ("\"e\u{301}\"", "e\u{301}"), ("\"\u{E9}\"", "\u{E9}"), (#""\\u0000""#, "\\u0000"),
    ])
    func `escapes and plain characters are read as they are, not normalised`(json: String, text: String)
        throws
    {
        #expect(try scalars(json) == Array(text.unicodeScalars))
    }

    @Test(arguments: 0..<0x20 as Range<UInt8>)
    func `a control character must be escaped`(byte: UInt8) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse([0x22, byte, 0x22]) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue.parse([0x7B, 0x22, byte, 0x22, 0x3A, 0x31, 0x7D])
        }
    }

    @Test(arguments: [
        #"\ud800"#, #"\udbff"#, #"\udc00"#, #"\udfff"#, #"\ud800\ud800"#, #"\udc00\ud800"#, #"\ud800x"#,
        #"\ud800\n"#, #"\ud800\u0041"#, #"\ud83d\ude00\ud83d"#,
    ])
    func `a lone surrogate is refused, in a name too`(escape: String) {
        for json in ["\"\(escape)\"", "{\"\(escape)\":1}"] {
            #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(json.utf8) }
        }
    }

    @Test(arguments: [#""\u0000""#, #""a\u0000b""#, #"{"\u0000":1}"#, #"[["\u0000"]]"#])
    func `the character that PostgreSQL cannot hold is refused`(json: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(json.utf8) }
        #expect(error?.message == "a string holds the character U+0000")
    }

    @Test(arguments: [
        #""\u00""#, #""\u""#, #""\u00g0""#, #""\u+041""#, #""\U0041""#, #""\x41""#, #""\a""#, #""\'""#,
        #""\0""#, #""\"#, #""\u004"#, #""a"#, "\"", #"'a'"#, "\"\\\n\"", "\u{201C}a\u{201D}",
    ])
    func `broken strings are refused`(json: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(json.utf8) }
    }

    @Test(
        arguments: [
            [0x80], [0xC3], [0xC3, 0x28], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE2, 0x82],
            [0xED, 0xA0, 0x80],
            [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFE], [0xFF],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused, in a string, in a name and outside`(bytes: [UInt8]) {
        let quoted = [0x22] + bytes + [0x22]
        for json in [
            quoted, [0x22, 0x5C, 0x6E] + bytes + [0x22], [0x7B] + quoted + Array(":1}".utf8), bytes,
            Array("[1".utf8) + bytes,
        ] {
            #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(json) }
        }
    }

    @Test func `a byte order mark and other encodings are refused`() {
        let texts: [[UInt8]] = [
            [0xEF, 0xBB, 0xBF] + Array("{}".utf8), [0xFE, 0xFF, 0, 0x7B, 0, 0x7D],
            [0xFF, 0xFE, 0x7B, 0, 0x7D, 0],
            [0, 0x7B, 0, 0x7D], [0x7B, 0, 0x7D, 0], [0, 0, 0, 0x31],
        ]
        for text in texts {
            #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text) }
        }
    }
}
