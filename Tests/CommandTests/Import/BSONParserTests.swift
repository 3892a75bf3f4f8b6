import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: every type of BSON is read as MongoDB's tools show it, and no bytes do harm.
@Suite struct BSONParserTests {
    private func parse(_ bytes: [UInt8]) throws -> JSONValue { try BSONParser.parse(bytes) }

    /// A document with one member `a`.
    private func member(_ type: UInt8, _ bytes: [UInt8]) throws -> JSONValue? {
        try parse(BSON.enclosed([[type, UInt8(ascii: "a"), 0] + bytes]))["a"]
    }

    /// The two of bsonspec.org.
    @Test func `documents of the specification are read`() throws {
        let hello: [UInt8] = [22, 0, 0, 0, 2] + Array("hello".utf8) + [0, 6, 0, 0, 0] + Array("world".utf8) + [0, 0]
        #expect(try parse(hello) == ["hello": "world"])
        let awesome: [UInt8] =
            [49, 0, 0, 0, 4] + Array("BSON".utf8) + [0, 38, 0, 0, 0, 2, 48, 0, 8, 0, 0, 0] + Array("awesome".utf8)
            + [0, 1, 49, 0, 0x33, 0x33, 0x33, 0x33, 0x33, 0x33, 0x14, 0x40, 0x10, 50, 0, 0xC2, 7, 0, 0, 0, 0]
        #expect(try parse(awesome) == ["BSON": ["awesome", .decimal("5.05"), 1986]])
    }

    @Test func `every type is read`() throws {
        let minusTwo = BSON.little(UInt64(bitPattern: -2))
        #expect(try member(0x12, minusTwo) == -2)
        #expect(try member(0x10, [0xFE, 0xFF, 0xFF, 0xFF]) == -2)
        #expect(try member(0x09, minusTwo)?.mongoDate == Timestamp(microseconds: -2000))
        #expect(try member(0x08, [1]) == true)
        #expect(try member(0x0A, []) == .null && member(0x06, []) == .null)
        #expect(try member(0x07, Array(1...12))?.objectID == "0102030405060708090a0b0c")
        #expect(try member(0x05, [2, 0, 0, 0, 0, 0xFF, 0xFE])?["$binary"]?["base64"] == "//4=")
        #expect(try member(0x0B, Array("x\0i\0".utf8))?["$regularExpression"]?["options"] == "i")
        #expect(try member(0x0C, BSON.string("db.c") + Array(1...12))?["$dbPointer"]?["$ref"] == "db.c")
        #expect(try member(0x0D, BSON.string("f"))?["$code"] == "f")
        #expect(try member(0x0F, [19, 0, 0, 0] + BSON.string("f") + BSON.enclosed([]))?["$scope"] == [:])
        #expect(try member(0x0E, BSON.string("é")) == "é")
        #expect(try member(0x11, BSON.little(UInt64(5 << 32 | 7)))?["$timestamp"] == ["t": 5, "i": 7])
        #expect(try member(0xFF, [])?["$minKey"] == 1 && member(0x7F, [])?["$maxKey"] == 1)
        #expect(try member(0x01, BSON.little(Double.nan.bitPattern))?.mongoNumber == nil)
    }

    @Test(
        arguments: [
            (0x3040_0000_0000_0000, 1, 1.0), (0x303E_0000_0000_0000, 1, 0.1), (0xB03C_0000_0000_0000, 150_050, -1500.5),
            (0x3044_0000_0000_0000, 15, 1500), (0x3040_0000_0000_0000, 0, 0), (0x6C10_0000_0000_0000, 7, 0),
        ] as [(UInt64, UInt64, Double)])
    func `a decimal of 128 bits is a number`(high: UInt64, low: UInt64, expected: Double) throws {
        #expect(try member(0x13, BSON.little(low) + BSON.little(high))?.mongoNumber == expected)
    }

    @Test(arguments: [0x7C00_0000_0000_0000, 0x7800_0000_0000_0000, 0xF800_0000_0000_0000] as [UInt64])
    func `what is no number as a decimal is no amount`(high: UInt64) throws {
        #expect(try member(0x13, BSON.little(UInt64(0)) + BSON.little(high))?.paise == nil)
    }

    @Test(
        arguments: [
            (0x02, [0, 0, 0, 0]), (0x02, [0xFF, 0xFF, 0xFF, 0xFF, 0]), (0x02, [0xFF, 0xFF, 0xFF, 0x7F, 0]),
            (0x02, [2, 0, 0, 0, 0x61, 0x61, 0]), (0x02, [2, 0, 0, 0, 0xFF, 0]), (0x02, [5, 0, 0, 0, 0x61, 0]),
            (0x03, [4, 0, 0, 0, 0]), (0x03, [0xFF, 0, 0, 0, 0]), (0x03, [5, 0, 0, 0, 1]), (0x04, [0, 0, 0, 0x80, 0]),
            (0x05, [0xFF, 0xFF, 0xFF, 0xFF, 0]), (0x05, [9, 0, 0, 0, 0, 1]), (0x07, [1, 2]), (0x08, [2]),
            (0x09, [1]), (0x10, []), (0x12, [1, 2, 3]), (0x13, [1]), (0x0F, []), (0x20, []), (0x0B, [0x61]),
        ] as [(UInt8, [UInt8])])
    func `a value whose length or content lies is refused`(type: UInt8, bytes: [UInt8]) {
        #expect(throws: BSONParser.Problem.self) { try member(type, bytes) }
    }

    @Test func `documents nest as deep as MongoDB lets them, and no deeper`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            // From the outside in: from the inside out, each would copy all that is in it.
            (1..<depth).reversed().flatMap { BSON.little(UInt32(5 + 8 * $0)) + [3, 0x61, 0] } + BSON.enclosed([])
                + [UInt8](repeating: 0, count: depth - 1)
        }
        #expect(throws: Never.self) { try parse(nested(BSONParser.deepest)) }
        #expect(throws: BSONParser.Problem.self) { try parse(nested(BSONParser.deepest + 1)) }
        #expect(throws: BSONParser.Problem.self) { try parse(nested(100_000)) }
    }

    @Test func `a document that breaks off anywhere is refused`() throws {
        let whole = BSON.document([
            "a": "text", "b": ["$oid": "0102030405060708090a0b0c"], "c": [1, true, ["d": .decimal("0.5")]], "e": .null,
        ])
        for count in 0..<whole.count {
            #expect(throws: BSONParser.Problem.self) { try parse(Array(whole.prefix(count))) }
            var relabelled = Array(whole.prefix(count))
            guard count >= 4 else { continue }
            relabelled.replaceSubrange(0..<4, with: BSON.little(UInt32(count)))
            #expect(throws: BSONParser.Problem.self) { try parse(relabelled) }
        }
    }

    @Test func `changed bytes are read or refused`() {
        var generator = SeededGenerator(seed: 7)
        let whole = BSON.document([
            "a": "text", "b": ["$oid": "0102030405060708090a0b0c"], "c": [1, true, ["d": .decimal("0.5")]],
            "e": ["$date": "2024-05-01T10:00:00Z"],
        ])
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            _ = try? parse(bytes)  // That it comes back is what is tried.
        }
    }
}
