import SharedModels
import Testing

/// The promise under test: JSON is read exactly as it was written, and what is not JSON, or what two readers
/// could understand differently, is refused with place and reason.
@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", nil), ("true", true), ("false", false), ("\"\"", ""), ("{}", [:]), ("[]", []),
            (" \t\r\n[ 1 , 2 ] \n", [1, 2]), ("{\"\":0}", ["": 0]), ("[[[]],{}]", [[[]], [:]]),
            (
                " { \"b\" : [ null , { \"a\" : \"x\" } ] , \"a\" : false } ",
                ["b": [nil, ["a": "x"]], "a": false]
            ),
        ] as [(String, JSONValue)])
    func `JSON is read, members in their order`(text: String, expected: JSONValue) throws {
        #expect(try JSONValue.parse(text.utf8) == expected)
    }

    @Test(arguments: [
        "", " ", "tru", "True", "nul", "nullx", "undefined", "'a'", "[1,]", "[,1]", "[1 2]", "[1;2]", "[",
        "]", "}", "[1}", "{]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{1:2}", "{null:1}",
        "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}", "// why\n1", "/* why */1", "# why\n1", "[\u{A0}1]",
        "\u{B}1", "\u{C}1", "[1\u{2028}]",
    ])
    func `what only looks like JSON is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
    }

    @Test(arguments: ["{} x", "{}{}", "[] ]", "null,", "1 2", "\"a\"\"b\"", "{}\0", "true false"])
    func `nothing may follow the value`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
    }

    @Test(arguments: [
        ("", 0, "the text ends where a value is expected"), ("  ?", 2, "a value is expected"),
        ("[1,]", 3, "a value is expected"), ("[1 2]", 3, "',' or ']' is expected"),
        ("{\"a\":1,}", 7, "a member name in quotes is expected"),
        ("{\"a\" 1}", 5, "':' is expected after a member name"), ("{\"a\":1 2}", 7, "',' or '}' is expected"),
        ("{} {}", 3, "text after the end of the value"), ("\"a", 2, "a string does not end"),
        ("\"é\n\"", 3, "a control character in a string must be escaped"),
        (#"["\x"]"#, 4, "an unknown escape in a string"),
        (#""\u00g0""#, 5, "four hexadecimal digits are expected"),
        (#""\u0000""#, 7, "a string holds the character U+0000"),
        (#""\ud800!""#, 7, "a string holds a lone surrogate"), ("01", 2, "a number does not start with 0"),
        ("-a", 1, "a digit is expected"), ("1.", 2, "a digit is expected after '.'"),
        ("1e", 2, "a digit is expected in the exponent"),
        ("{\"é\":1,\"é\":2}", 12, "the member 'é' is given twice"),
    ])
    func `a refusal says where, in bytes, and why`(text: String, offset: Int, message: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
        #expect(error?.offset == offset)
        #expect(error?.message == message)
    }

    @Test func `a part of a larger text is read from its own beginning`() throws {
        let bytes = Array("xxx[1]".utf8)
        #expect(try JSONValue.parse(bytes[3...]) == [1])
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(bytes[4...]) }
        #expect(error?.offset == 1)
    }

    @Test func `a document that was cut off anywhere is refused`() throws {
        let document =
            #" {"id":"a\u00e9\ud83d\ude00é","list":[true,false,null,-12.5e+3,0],"deep":{"a":{"b":[[]]}}}"#
        let bytes = Array(document.utf8)
        _ = try JSONValue.parse(bytes)
        for length in bytes.indices {
            let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(bytes[..<length]) }
            #expect((0...length).contains(try #require(error).offset))
        }
    }

    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"b":2,"a":null}"#, #"{"":1,"":2}"#, #"{"a":1,"\u0061":2}"#,
        #"[{"x":{"a":1,"a":2}}]"#, #"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"b":2}"#,
    ])
    func `a member given twice is refused`(text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
        #expect(error?.message.hasSuffix("is given twice") == true)
    }

    @Test func `two objects may use one name, and a refusal does not repeat a long one`() throws {
        _ = try JSONValue.parse(#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}"#.utf8)
        let name = String(repeating: "n", count: 200)
        let error = #expect(throws: JSONSyntaxError.self) {
            try JSONValue.parse("{\"\(name)\":1,\"\(name)\":2}".utf8)
        }
        #expect(error?.message == "the member '\(name.prefix(64))' is given twice")
    }

    @Test func `names are compared byte by byte`() throws {
        let value = try JSONValue.parse("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test func `a name may have 256 bytes, and what is longer is refused without being repeated`() throws {
        let name = String(repeating: "n", count: 256)
        _ = try JSONValue.parse("{\"\(name)\":1}".utf8)
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse("{\"\(name)n\":1}".utf8) }
        #expect(error?.message == "the member '\(name.prefix(64))…' has a name of more than 256 bytes")
        // A provider's answer is read all the same.
        #expect(try JSONValue.parse("{\"\(name)n\":1}".utf8, leniently: true)["\(name)n"] == 1)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
    func `64 levels are read and 65 are refused`(opening: String, closing: String) throws {
        let levels = opening.hasPrefix("[{") ? 32 : 64
        func nested(_ count: Int) -> String {
            String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)
        }
        _ = try JSONValue.parse(nested(levels).utf8)
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(nested(levels + 1).utf8) }
        #expect(error?.message == "nested deeper than 64 levels")
        #expect(error?.offset == opening.utf8.count * levels)
    }

    @Test(arguments: ["[", "{\"a\":"], [100_000, 1_000_000])
    func `no depth exhausts the stack`(opening: String, levels: Int) {
        let text = String(repeating: opening, count: levels)
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
    }

    @Test func `the depth is that of the value, not the number of brackets`() throws {
        let siblings = "[" + Array(repeating: "[{}]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSONValue.parse(siblings.utf8).array?.count == 1000)
        _ = try JSONValue.parse("[1]".utf8, maximumDepth: 1)
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse("[[1]]".utf8, maximumDepth: 1) }
    }

    @Test func `large documents are read and written as they are`() throws {
        let long = "\"" + String(repeating: "é\\n", count: 300_000) + "\""
        #expect(try JSONValue.parse(long.utf8).string?.unicodeScalars.count == 600_000)
        let numbers = "[" + (0..<100_000).map(String.init).joined(separator: ",") + "]"
        #expect(try JSONValue.parse(numbers.utf8).bytes.elementsEqual(numbers.utf8))
        let members = "{" + (0..<20_000).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue.parse(members.utf8)
        #expect(value["m19999"] == 19_999)
        #expect(value.bytes.elementsEqual(members.utf8))
    }
}
