import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: an operator who loses money with small deals has none (`MINIMUM_MILESTONE_CENTS`).
@Suite struct MinimumPriceTests {
    private let rule = PriceRule(minimumCents: 1_500)

    private func features(_ deals: Deals) throws -> Features {
        deals.features(try ContractsSettings(SettingsReader(.contracts, ["MINIMUM_MILESTONE_CENTS": "1500"])))
    }

    @Test func `a round, an agreement and an added milestone below the minimum are refused by name`() async throws {
        try await Deals.with { deals in
            let strict = try features(deals)
            let talk = try await deals.negotiated(Terms(rate: .usd(cents: 149), hoursPerWeek: 10))
            let byRate = NegotiationError.badPrice(.rate, rule)
            await #expect(throws: byRate) {
                try await strict.negotiations.propose(
                    Terms(rate: .usd(cents: 148)), in: talk.id, by: deals.worker, expecting: anyVersion)
            }
            #expect(byRate.issues.map(\.path) == ["rate_cents"])
            #expect(byRate.publicMessage == "rate_cents times hours_per_week must be 0, or 1500 to 99999999.")
            await #expect(throws: NegotiationError.badPrice(.hours, rule)) {
                try await strict.negotiations.propose(
                    Terms(hoursPerWeek: 9), in: talk.id, by: deals.worker, expecting: anyVersion)
            }
            // Terms from before the setting are found by the agreement.
            await #expect(throws: NegotiationError.notPayable(rule, allowed: ["round", "agree", "decline"])) {
                try await strict.negotiations.agree(to: nil, in: talk.id, by: deals.worker, expecting: anyVersion)
            }
            let contract = try await deals.active()
            let tooLittle = MilestoneError.notPayable(rule)
            await #expect(throws: tooLittle) {
                try await strict.milestones.add(
                    MilestoneInput(title: "Docs", amountCents: 1_499), to: contract.id, by: deals.client,
                    expecting: anyVersion)
            }
            #expect(tooLittle.issues.map(\.path) == ["amount_cents"])
            for cents in [Int64(0), 1_500] {
                _ = try await strict.milestones.add(
                    MilestoneInput(title: "Docs", amountCents: cents), to: contract.id, by: deals.client,
                    expecting: anyVersion)
            }
        }
    }

    @Test func `without the setting only the payment provider's minimum counts`() throws {
        let rule = try ContractsSettings(SettingsReader(.contracts, [:])).prices
        #expect(rule == PriceRule() && rule.allows(.usd(cents: 50)) && !rule.allows(.usd(cents: 49)))
        #expect(PriceRule(minimumCents: 10) == rule)
        #expect(throws: BadSetting.self) {
            try ContractsSettings(SettingsReader(.contracts, ["MINIMUM_MILESTONE_CENTS": "-1"]))
        }
    }
}
