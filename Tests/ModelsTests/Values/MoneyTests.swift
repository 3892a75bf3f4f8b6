import SharedModels
import Testing

/// The promise under test: an amount is whole minor units of one currency, and never silently wrong.
@Suite struct MoneyTests {
    @Test func `amounts of one currency are added and subtracted exactly`() {
        #expect(Money.usd(cents: 10) + .usd(cents: 20) == .usd(cents: 30))
        #expect(Money.usd(cents: 10) - .usd(cents: 20) == .usd(cents: -10))
        let most = Money(minorUnits: .max - 1, currency: .inr)
        #expect((most + Money(minorUnits: 1, currency: .inr)).minorUnits == .max)
        #expect(
            (Money(minorUnits: .min, currency: .inr) - Money(minorUnits: 0, currency: .inr)).minorUnits
                == .min)
    }

    @Test func `amounts of two currencies are not equal`() {
        #expect(Money.usd(cents: 1) != Money(minorUnits: 1, currency: .inr))
    }

    @Test(
        arguments: [
            (Decimals.none, "0", 0), (.none, "1500", 1_500), (.none, "-7", -7), (.two, "0.00", 0),
            (.two, "12.50", 1_250),
            (.two, "-0.05", -5), (.two, "92233720368547758.07", .max), (.three, "0.001", 1),
            (.three, "-12.345", -12_345),
        ] as [(Decimals, String, Int64)])
    func `an amount is written with the places of its currency, and read back`(
        decimals: Decimals, text: String, minorUnits: Int64
    ) {
        #expect(decimals.text(minorUnits) == text)
        #expect(decimals.minorUnits(text) == minorUnits)
    }

    @Test func `fewer places are read, more are not, and neither is what is no decimal number`() {
        #expect(Decimals.two.minorUnits("12") == 1_200 && Decimals.two.minorUnits("12.5") == 1_250)
        #expect(Decimals.three.minorUnits("1.5") == 1_500)
        for text in [
            "12.505", "", ".", "1.", ".5", "1,5", "1e3", "+1", "--1", "0x1", " 1", "1.2.3", "٣", "92233720368547758.08",
        ] {
            #expect(Decimals.two.minorUnits(text) == nil, "\(text)")
        }
        #expect(Decimals.none.minorUnits("1.0") == nil && Decimals.three.minorUnits("0.0001") == nil)
        #expect(Money(decimal: "10.01", .usd) == .usd(cents: 1_001))
        #expect(Money(minorUnits: 5, currency: .inr).decimalText == "0.05")
    }

    @Test func `every amount is read back as it was written`() {
        for decimals in Decimals.allCases {
            for amount in Int64(-1_100)...10_000 where decimals.minorUnits(decimals.text(amount)) != amount {
                Issue.record("\(amount) with \(decimals)")
            }
        }
    }

    @Test func `currencies are written as the provider writes them`() {
        #expect(Currency.allCases.map(\.rawValue) == ["usd", "inr"])
        #expect(Currency.schema.issues(in: "usd") == [])
        #expect(Currency.schema.issues(in: "USD").first?.message == "must be one of usd, inr")
    }
}
