import SharedModels
import Testing

/// The promise under test: rupees are exact from JSON to paise and back.
@Suite struct RupeesTests {
    @Test(arguments: [
        ("0", 0), ("1000", 100_000), ("12.5", 1_250), ("12.50", 1_250), ("0.07", 7), ("999999.99", 99_999_999),
        ("-3.01", -301), ("90071992547409.91", 9_007_199_254_740_991),
    ])
    func `an amount is read exactly`(text: String, paise: Int64) throws {
        #expect(try JSONValue.decode(Rupees.self, from: text.utf8).paise == paise)
    }

    @Test(arguments: [(0, "0"), (100_000, "1000"), (1_250, "12.5"), (7, "0.07"), (-301, "-3.01"), (76_500, "765")])
    func `an amount is written without needless places`(paise: Int64, text: String) throws {
        #expect(try JSONValue.encode(Rupees(paise: paise)).elementsEqual(text.utf8))
    }

    @Test(arguments: ["0.001", "1e2", "1E2", "\"12\"", "true", "null", "[1]", "92233720368547758.08", "1.005"])
    func `anything else is refused`(text: String) throws {
        #expect(throws: (any Error).self) { try JSONValue.decode(Rupees.self, from: text.utf8) }
        #expect(!Rupees.schema.issues(in: try .parse(text.utf8)).isEmpty)
    }

    @Test(arguments: ["0.49", "0", "-5", "1000000", "0.505", "1e3"])
    func `a price is what the payment provider takes`(text: String) throws {
        let issues = PricedThing.checked.issues(in: ["rate": try .parse(text.utf8)])
        #expect(
            issues == [InputIssue(path: "rate", message: "must be 0.50 to 999999.99, with at most 2 decimal places")])
    }

    @Test(arguments: ["0.5", "0.50", "1", "999999.99"])
    func `a price within the range passes`(text: String) throws {
        #expect(PricedThing.checked.issues(in: ["rate": try .parse(text.utf8)]).isEmpty)
    }
}

private struct PricedThing: Model {
    let rate: Rupees

    static let rules: [String: MemberRule] = ["rate": .price]

    static var checked: Schema {
        guard let schema = try? Schema.reflecting(Self.self) else { preconditionFailure("it has one shape") }
        return schema
    }
}
