import Foundation
import SharedModels
import Testing

/// The promise under test: we write valid JSON, with the same bytes every time.
@Suite struct JSONWriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `members and elements are separated at every depth`() {
        let text = written { writer in
            writer.beginObject()
            writer.key("empty"); writer.beginObject(); writer.endObject()
            writer.key("none"); writer.beginArray(); writer.endArray()
            writer.key("list")
            writer.beginArray()
            writer.value(1); writer.null(); writer.value(true); writer.value("x")
            writer.beginArray(); writer.value(false); writer.endArray()
            writer.beginObject()
            writer.key("a"); writer.value(2)
            writer.key("b"); writer.null()
            writer.endObject()
            writer.raw("[3]".utf8)
            writer.endArray()
            writer.key("absent"); writer.value(optional: nil)
            writer.key("present"); writer.value(optional: "")
            writer.endObject()
        }
        #expect(
            text == #"{"empty":{},"none":[],"list":[1,null,true,"x",[false],{"a":2,"b":null},[3]],"#
                + #""absent":null,"present":""}"#)
    }

    @Test(arguments: [
        ("\u{8}", #""\b""#), ("\t", #""\t""#), ("\n", #""\n""#), ("\u{C}", #""\f""#), ("\r", #""\r""#),
        ("\"", #""\"""#), ("\\", #""\\""#), ("\u{0}", #""\u0000""#), ("\u{1}", #""\u0001""#),
        ("\u{B}", #""\u000b""#), ("\u{1F}", #""\u001f""#), ("a\"b\\\nc", #""a\"b\\\nc""#), ("/", #""/""#),
        ("", "\"\""),
    ])
    func `what must be escaped is escaped in its shortest form`(text: String, json: String) {
        #expect(written { $0.value(text) } == json)
        #expect(
            written { writer in
                var text = text
                text.withUTF8 { writer.value(utf8: UnsafeRawBufferPointer($0)) }
            } == json)
    }

    @Test func `every ASCII character comes back, in a string and in a name`() throws {
        for code in 1..<128 as Range<UInt8> {
            let text = "x\(Unicode.Scalar(code))y"
            let json = written { writer in
                writer.beginObject()
                writer.key(text); writer.value(text)
                writer.endObject()
            }
            #expect(try JSONValue.parse(json.utf8) == .object([JSONMember(text, .string(text))]))
            #expect(try FoundationReading.read(Array(json.utf8)) as? [String: String] == [text: text])
            #expect(json.utf8.allSatisfy { $0 >= 0x20 })
        }
    }

    @Test func `a character is escaped or left wherever in a text it stands`() throws {
        for code in 1..<256 as Range<UInt32> {
            for place in 0..<18 {
                let character = Character(try #require(Unicode.Scalar(code)))
                let text =
                    String(repeating: "a", count: place) + [character] + String(repeating: "é", count: 17 - place)
                let json = written { $0.value(text) }
                #expect(try JSONValue.parse(json.utf8) == .string(text))
                let escaped = code < 0x20 || character == "\"" || character == "\\"
                #expect(json.utf8.contains(UInt8(ascii: "\\")) == escaped)
            }
        }
    }

    @Test(arguments: [
        "\u{7F}", "\u{85}", "é", "e\u{301}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFF}", "😀",
        "\u{10FFFF}",
    ])
    func `other characters are written as they are`(text: String) throws {
        let json = written { $0.value(text) }
        #expect(json.utf8.elementsEqual("\"\(text)\"".utf8))
        #expect(JSONValue.string(text).agrees(with: try FoundationReading.read(Array(json.utf8))))
    }

    @Test(arguments: [Int64.min, -1, 0, 9, 10, 9_007_199_254_740_993, .max])
    func `whole numbers are written in full`(number: Int64) {
        #expect(written { $0.value(number) } == String(number))
        #expect(written { $0.value(Int(number)) } == String(number))
    }

    @Test func `ids, moments and days are written in their one form`() throws {
        let id = try #require(GigID("0192A0B1-C2D3-7E4F-8A5B-6C7D8E9F0A1B"))
        #expect(written { $0.value(id) } == "\"0192a0b1-c2d3-7e4f-8a5b-6c7d8e9f0a1b\"")
        #expect(written { $0.value(id.uuid) } == written { $0.value(id) })
        #expect(written { $0.value(Timestamp(microseconds: 1)) } == "\"1970-01-01T00:00:00.000001Z\"")
        #expect(written { $0.value(Timestamp(seconds: 951_782_400)) } == "\"2000-02-29T00:00:00Z\"")
        #expect(written { $0.value(CalendarDay(daysSince1970: -1)) } == "\"1969-12-31\"")
    }

    @Test func `each moment has its own day, however many there are and however long the text grows`() {
        let moments = (0..<400).map { Timestamp(seconds: 951_782_400 + Int64($0 / 3) * 43_200) }
        var writer = JSONWriter(capacity: 16)
        writer.beginArray()
        for moment in moments { writer.value(moment); writer.value(moment.day) }
        writer.endArray()
        let expected = moments.map { "\"\($0)\",\"\($0.day)\"" }.joined(separator: ",")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[\(expected)]")
    }

    @Test(arguments: [0, 1, 16, 54, 55, 4096])
    func `an answer is the same whatever was reserved for it`(capacity: Int) {
        let text = String(repeating: "0123456789", count: 5)
        let answer = Encoded<GigList>(capacity: capacity) { writer in
            writer.beginArray()
            writer.value(text)
            writer.endArray()
        }
        #expect(String(decoding: answer.bytes, as: UTF8.self) == #"["\#(text)"]"#)
    }

    @Test(arguments: [0, 4096])
    func `an answer that cannot be written throws`(capacity: Int) {
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            _ = try Encoded<GigList>(capacity: capacity) { writer in
                writer.value("so far")
                throw Broken()
            }
        }
    }
}
