import Testing

@testable import SharedModels

/// The promise under test: an event stays small, and nothing but long texts is lost for it.
@Suite struct EventSizeTests {
    @Test func `an event of ordinary size is sent as it is, byte for byte`() throws {
        let data: JSONValue = ["note": .string(String(repeating: "ü", count: 30_000))]
        #expect(EventSize.fitted(data.bytes) == data.bytes)
    }

    @Test func `a larger one has its longest texts cut, and keeps every other member in its order`() throws {
        let notes = JSONValue.array(
            (0..<50).map { ["id": .integer($0), "note": .string(String(repeating: "n", count: 5000))] })
        let data: JSONValue = ["title": "Short", "milestones": notes, "rate": nil]
        let fitted = EventSize.fitted(data.bytes)
        #expect(fitted.count <= EventSize.whole)
        let expected = JSONValue.array(
            (0..<50).map { ["id": .integer($0), "note": .string(String(repeating: "n", count: 999) + "…")] })
        #expect(try JSONValue.parse(fitted) == ["title": "Short", "milestones": expected, "rate": nil])
    }

    @Test func `a text is cut between characters`() throws {
        let family = "👨‍👩‍👧‍👦"
        let data: JSONValue = ["note": .string(String(repeating: family, count: 5000))]
        let note = try #require(try JSONValue.parse(EventSize.fitted(data.bytes))["note"]?.string)
        #expect(note.hasSuffix(family + "…") && note.dropLast().allSatisfy { String($0) == family })
    }
}
