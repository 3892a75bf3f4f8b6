import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a contract's money is divided as published, and to the paisa.
@Suite struct CheckoutSharesTests {
    private func inr(_ paise: Int64) -> Money { Money(minorUnits: paise, currency: .inr) }

    @Test(arguments: [
        (CheckoutContractStatus.pending, Int64(90_000), Int64(0)), (.started, 76_500, 13_500),
        (.ongoing, 54_000, 36_000),
    ])
    func `a thousand rupees are divided as the example says`(
        stage: CheckoutContractStatus, client: Int64, freelancer: Int64
    ) {
        let shares = CheckoutShares(refunding: inr(100_000), at: stage, basisPoints: 1_000)
        #expect(shares == CheckoutShares(fee: inr(10_000), client: inr(client), freelancer: inr(freelancer)))
        #expect(
            CheckoutShares(releasing: inr(100_000), basisPoints: 1_000)
                == CheckoutShares(fee: inr(10_000), client: inr(0), freelancer: inr(90_000)))
    }

    @Test func `fractions of a paisa are the freelancer's in a release and the client's in a refund`() {
        // 10 % of 10.07 is 1.007, 15 % of 9.07 is 1.3605.
        let refund = CheckoutShares(refunding: inr(1_007), at: .started, basisPoints: 1_000)
        #expect(refund == CheckoutShares(fee: inr(100), client: inr(771), freelancer: inr(136)))
        #expect(CheckoutShares(releasing: inr(1_007), basisPoints: 1_000).freelancer == inr(907))
    }

    @Test func `whatever the amount, the parts are the whole and none is negative`() {
        var random = SeededGenerator(seed: 42)
        for _ in 0..<2_000 {
            let whole = inr(Int64.random(in: 0...99_999_999, using: &random))
            let rate = Int.random(in: 0...9_999, using: &random)
            for stage in [CheckoutContractStatus.pending, .started, .ongoing] {
                let shares = CheckoutShares(refunding: whole, at: stage, basisPoints: rate)
                #expect(shares.whole == whole)
                #expect(min(shares.fee.minorUnits, shares.client.minorUnits, shares.freelancer.minorUnits) >= 0)
            }
            #expect(CheckoutShares(releasing: whole, basisPoints: rate).whole == whole)
        }
    }
}
