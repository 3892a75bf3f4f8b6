import SharedModels
import Testing

/// The promise under test: no number changes when read or written, and no number is guessed.
@Suite struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("10", 10),
            ("9007199254740991", 9_007_199_254_740_991),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", .max),
            ("-9223372036854775808", .min),
        ] as [(String, Int64)])
    func `whole numbers of 64 bits are exact, those that a double would round included`(
        text: String, number: Int64
    ) throws {
        #expect(try JSONValue.parse(text.utf8) == .integer(number))
    }

    @Test(arguments: [
        "-0.0", "0.0", "1.0", "1.50", "0.1", "0e0", "1e5", "1E+5", "1e-5", "-1.25e10", "1e400", "-1e-400",
        "1e999999999999999999999", "9223372036854775808", "-9223372036854775809",
        "1" + String(repeating: "0", count: 400), "0." + String(repeating: "3", count: 400),
    ])
    func `any other number keeps its text`(text: String) throws {
        let value = try JSONValue.parse(text.utf8)
        #expect(value == .decimal(text))
        #expect(value.bytes.elementsEqual(text.utf8))
        #expect(value.integer == nil)
    }

    @Test(arguments: [
        "01", "-01", "00", "-00", "+1", ".5", "-.5", "1.", "1.e5", "-", "--1", "- 1", "1e", "1e+", "1e5.5",
        "1.2.3", "0x10", "0b1", "1_000", "1,5", "NaN", "nan", "Infinity", "-Infinity", "inf", "１", "1n", "1f",
        "1e５",
    ])
    func `what is no number in JSON is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse(text.utf8) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue.parse("{\"a\":\(text)}".utf8) }
    }

    @Test func `a number is no other kind of value`() throws {
        let value = try JSONValue.parse(#"[1,1.0,"1",true]"#.utf8)
        #expect(value.array?.map(\.typeName) == ["integer", "number", "string", "boolean"])
        #expect(value.array?.map(\.integer) == [1, nil, nil, nil])
    }
}
