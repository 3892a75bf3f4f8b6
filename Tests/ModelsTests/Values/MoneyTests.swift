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

    @Test func `currencies are written as the provider writes them`() {
        #expect(Currency.allCases.map(\.rawValue) == ["usd", "inr"])
        #expect(Currency.schema.issues(in: "usd") == [])
        #expect(Currency.schema.issues(in: "USD").first?.message == "must be one of usd, inr")
    }
}
