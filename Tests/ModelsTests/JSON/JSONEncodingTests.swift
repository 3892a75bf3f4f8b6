import Testing

@testable import SharedModels

private struct Widths: Codable, Equatable {
    var bool: Bool?
    var text: String?
    var double: Double?
    var float: Float?
    var int: Int?
    var int8: Int8?
    var int16: Int16?
    var int32: Int32?
    var int64: Int64?
    var uint: UInt?
    var uint8: UInt8?
    var uint16: UInt16?
    var uint32: UInt32?
    var uint64: UInt64?
    var list: [Int?]?
    var inner: [Inner]?
    var currency: Currency?

    struct Inner: Codable, Equatable {
        var zebra = 1
        var ant: String?
    }
}

private struct FullWidths: Codable {
    var double = 0.5
    var float: Float = -1.5
    var int8 = Int8.min
    var int16 = Int16.min
    var int32 = Int32.min
    var uint = UInt.max
    var uint8 = UInt8.max
    var uint16 = UInt16.max
    var uint32 = UInt32.max
    var uint64 = UInt64.max
}

/// Asks its encoder for every kind of container.
private struct ByHand: Encodable {
    enum Key: String, CodingKey { case list, inner, base }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        try list.encode(1)
        var nested = list.nestedContainer(keyedBy: Key.self)
        try nested.encode("x", forKey: .inner)
        var deeper = list.nestedUnkeyedContainer()
        try deeper.encodeNil()
        var inner = container.nestedContainer(keyedBy: Key.self, forKey: .inner)
        try inner.encodeNil(forKey: .base)
        try true.encode(to: container.superEncoder(forKey: .base))
        try [2].encode(to: container.superEncoder())
    }
}

private struct Nothing: Encodable {}

/// The promise under test: an answer has all its members, in the order of their declaration, in every
/// process.
@Suite struct JSONEncodingTests {
    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONValue.encode(value), as: UTF8.self)
    }

    @Test func `what is not there is written as null, whatever its type`() throws {
        let members = [
            "bool", "text", "double", "float", "int", "int8", "int16", "int32", "int64", "uint", "uint8",
            "uint16", "uint32",
            "uint64", "list", "inner", "currency",
        ]
        #expect(try text(Widths()) == "{" + members.map { "\"\($0)\":null" }.joined(separator: ",") + "}")
    }

    @Test func `members come in the order of declaration, nested ones too`() throws {
        let value = Widths(
            bool: false, text: "a\"b", double: 1e21, float: 0.25, int: -1, int8: -128, int16: 16, int32: 32,
            int64: .min, uint: 1, uint8: 255, uint16: 65_535, uint32: .max, uint64: .max, list: [1, nil],
            inner: [.init(), .init(zebra: 2, ant: "")], currency: .inr)
        #expect(
            try text(value)
                == [
                    #"{"bool":false,"text":"a\"b","double":1e+21,"float":0.25"#,
                    #""int":-1,"int8":-128,"int16":16,"int32":32"#,
                    #""int64":-9223372036854775808,"uint":1,"uint8":255,"uint16":65535,"uint32":4294967295"#,
                    #""uint64":18446744073709551615,"list":[1,null]"#,
                    #""inner":[{"zebra":1,"ant":null},{"zebra":2,"ant":""}],"currency":"inr"}"#,
                ].joined(separator: ","))
    }

    @Test func `numbers of every width are written in full`() throws {
        #expect(
            try text(FullWidths())
                == [
                    #"{"double":0.5,"float":-1.5,"int8":-128,"int16":-32768,"int32":-2147483648"#,
                    #""uint":18446744073709551615,"uint8":255,"uint16":65535,"uint32":4294967295"#,
                    #""uint64":18446744073709551615}"#,
                ].joined(separator: ","))
    }

    @Test func `containers that are nested by hand close where they should`() throws {
        let json = #"{"list":[1,{"inner":"x"},[null]],"inner":{"base":null},"base":true,"super":[2]}"#
        #expect(try text(ByHand()) == json)
        #expect(try text([ByHand(), ByHand()]) == "[\(json),\(json)]")
    }

    @Test func `a value alone is JSON as well`() throws {
        #expect(try text("é\n") == #""é\n""#)
        #expect(try text(5) == "5")
        #expect(try text(true) == "true")
        #expect(try text(-0.0) == "-0.0")
        #expect(try text(String?.none) == "null")
        #expect(try text(Int?.some(3)) == "3")
        #expect(try text(Currency.usd) == "\"usd\"")
        #expect(try text([Int]()) == "[]")
        #expect(try text([[1], []]) == "[[1],[]]")
        #expect(try text(Nothing()) == "{}")
        #expect(try text(["a\"\n": 1]) == #"{"a\"\n":1}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a number that JSON does not have is refused`(number: Double) {
        #expect(throws: EncodingError.self) { try JSONValue.encode(number) }
        #expect(throws: EncodingError.self) { try JSONValue.encode(["a": [number]]) }
        #expect(throws: EncodingError.self) { try JSONValue.encode(Widths(float: Float(number))) }
    }

    @Test func `a JSON value is written as it is`() throws {
        let value: JSONValue = ["z": 1, "a": [nil, true, .decimal("1.10")], "m": ["": "x"]]
        #expect(try text(value) == #"{"z":1,"a":[null,true,1.10],"m":{"":"x"}}"#)
        #expect(try text(["held": value]) == #"{"held":\#(try text(value))}"#)
    }

    @Test func `a partial update says only what it changes`() throws {
        #expect(try text(GigUpdate()) == "{}")
        #expect(try text(GigUpdate(status: .active)) == #"{"status":"active"}"#)
        #expect(
            try text(GigUpdate(title: "T", description: .clear, rateCents: .set(0)))
                == #"{"title":"T","description":null,"rate_cents":0}"#)
        #expect(
            try text(ProfileUpdate(skills: .set([]), userType: .client))
                == #"{"skills":[],"user_type":"client"}"#)
    }

    @Test func `SkillSync's times have whole seconds, wherever they are`() throws {
        let moment = Timestamp(seconds: 1_767_225_600) + .microseconds(999_999)
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try JSONValue.encode(value, wholeSeconds: true), as: UTF8.self)
        }
        #expect(try text(moment) == #""2026-01-01T00:00:00Z""#)
        #expect(try text(["at": [moment]]) == #"{"at":["2026-01-01T00:00:00Z"]}"#)
        #expect(try text(Times(at: moment, until: nil)) == #"{"at":"2026-01-01T00:00:00Z","until":null}"#)
        #expect(try JSONValue(encoding: Times(at: moment, until: nil))["at"] == "2026-01-01T00:00:00.999999Z")
    }
}

private struct Times: Codable {
    let at: Timestamp
    let until: Timestamp?
}
