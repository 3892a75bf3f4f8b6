import Testing

@testable import SharedModels

private struct Numbers: Model {
    var rating: Int
    var amountCents: Int64?
    var confidence: Double
    var rate: Rupees
    var cells: [Cell]
    var hoursPerWeek: Int
    var unheardOf: Int

    static let rules: [String: MemberRule] = ["hoursPerWeek": .range(1...40)]
}

private struct Cell: Model {
    var score: Int?
}

/// The promise under test: the numbers of an answer are held to the ranges that their names tell, and those of a request to
/// its own rules alone.
@Suite struct MemberRangeTests {
    private let fine: JSONValue = [
        "rating": 5, "amount_cents": 0, "confidence": 1, "rate": .decimal("0.5"), "cells": [["score": 100]],
        "hours_per_week": 40, "unheard_of": -7,
    ]

    private func with(_ name: String, _ value: JSONValue) -> JSONValue {
        .object((fine.object ?? []).map { JSONMember($0.name, $0.name == name ? value : $0.value) })
    }

    @Test func `a number in an answer has the range of its name, at every depth, and a rule goes before it`() throws {
        let schema = try Schema.reflecting(Numbers.self).answered
        #expect(schema.issues(in: fine) == [])
        for (name, value, path): (String, JSONValue, String) in [
            ("rating", 6, "rating"), ("amount_cents", -1, "amount_cents"),
            ("confidence", .decimal("1.5"), "confidence"),
            ("rate", .decimal("-0.01"), "rate"), ("cells", [["score": 101]], "cells.0.score"),
            ("hours_per_week", 41, "hours_per_week"),
        ] {
            #expect(schema.issues(in: with(name, value)).map(\.path) == [path])
        }
        #expect(schema.issues(in: with("amount_cents", .null)) == [])
    }

    @Test func `a request is held to its rules alone`() throws {
        let schema = try Schema.reflecting(Numbers.self)
        #expect(schema.issues(in: with("rating", 6)) == [])
        #expect(schema.issues(in: with("hours_per_week", 41)).map(\.path) == ["hours_per_week"])
    }
}
