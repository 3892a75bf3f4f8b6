import SharedModels
import Testing

/// The promise under test: one bad value in a provider's answer is cleaned and nothing else is lost, while our own
/// callers are still read strictly.
@Suite struct LenientJSONTests {
    private func lenient(_ text: String) throws -> JSONValue { try JSONValue.parse(text.utf8, leniently: true) }

    @Test(arguments: [
        (#""a\u0000b""#, "ab"), ("\"a\u{0}b\"", "ab"), (#""\u0000""#, ""), (#""\ud800""#, "\u{FFFD}"),
        (#""a\udc00b""#, "a\u{FFFD}b"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\ude00""#, "😀"), ("\"a\tb\u{1}\"", "a\tb\u{1}"),
    ])
    func `a bad string is cleaned`(text: String, read: String) throws {
        #expect(try lenient("[\(text), 1]") == [.string(read), 1])
    }

    @Test(arguments: [#""a\u0000b""#, #""\ud800""#, #""\ud83d\u0041""#, "\"a\tb\"", #"{"a":1,"a":2}"#])
    func `our own callers are refused the same`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
    }

    @Test func `what is not UTF-8 is replaced`() throws {
        let bytes = Array(#"{"name":""#.utf8) + [0xFF, 0x41, 0xC3] + Array(#"","id":7}"#.utf8)
        let value = try JSONValue.parse(bytes, leniently: true)
        #expect(value["name"]?.string == "\u{FFFD}A\u{FFFD}" && value["id"] == 7)
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(bytes) }
    }

    @Test func `of a member given twice the last counts`() throws {
        #expect(try lenient(#"{"a":1,"b":2,"a":3}"#) == ["b": 2, "a": 3])
        #expect(try lenient(#"{"a":1,"a":2,"a":3}"#) == ["a": 3])
        let many = (0..<100).map { "\"m\($0 % 50)\":\($0)" }.joined(separator: ",")
        #expect(try lenient("{\(many)}") == .object((50..<100).map { JSONMember("m\($0 - 50)", .integer($0)) }))
    }

    @Test func `combining marks beyond the limit are left out`() throws {
        let marks = { String(repeating: "\u{301}", count: $0) }
        #expect(try lenient("[\"e\(marks(31))x\(marks(30))\"]") == [.string("e\(marks(30))x\(marks(30))")])
    }

    @Test func `a string without end is cut`() throws {
        let long = String(repeating: "é", count: JSONValue.longestLenientText + 5)
        let read = try lenient("[\"\(long)\", 1]")
        #expect(read.array?.first?.string?.unicodeScalars.count == JSONValue.longestLenientText)
        #expect(read.array?.last == 1)
    }

    @Test(arguments: [
        "", "{", "[1,]", "<html>", "{\"a\" 1}", "nul", "[\"a]", #"["\u12"]"#, String(repeating: "[", count: 1000),
    ])
    func `what is no JSON is still none`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try lenient(text) }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `what is read strictly is read the same leniently`(seed: UInt64) throws {
        var invention = Invention(seed: seed)
        let bytes = invention.value(depth: 5).bytes
        #expect(try JSONValue.parse(bytes, leniently: true) == JSONValue.parse(bytes))
    }
}
