import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a release creates and loses nothing, and rounds for the worker.
@Suite struct FeeSplitTests {
    @Test(arguments: [
        (10_000, 500, 500), (10_001, 500, 500), (19, 500, 0), (20, 500, 1), (1, 9_999, 0), (3, 0, 0),
    ])
    func `the fee is rounded down`(amount: Int64, basisPoints: Int, fee: Int64) {
        #expect(FeeSplit(.usd(cents: amount), basisPoints: basisPoints).fee == .usd(cents: fee))
    }

    @Test func `fee and earning are the amount, for any amount and rate`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20_000 {
            let amount = Int64.random(
                in: 1...(Int64(1) << Int64.random(in: 1...53, using: &random)), using: &random)
            let basisPoints = Int.random(in: FeeSplit.basisPointsRange, using: &random)
            let split = FeeSplit(.usd(cents: amount), basisPoints: basisPoints)
            #expect(split.fee + split.earning == .usd(cents: amount), "\(amount) at \(basisPoints), seed \(seed)")
            #expect(split.fee.minorUnits >= 0 && split.earning.minorUnits >= 1, "seed \(seed)")
            let product = amount.multipliedFullWidth(by: Int64(basisPoints))
            #expect(split.fee.minorUnits == Int64(10_000).dividingFullWidth(product).quotient, "seed \(seed)")
        }
    }

    @Test(arguments: [0, 1, 333, 500, 1_000, 9_999])
    func `for every small amount the parts add up, and the fee is never more than its rate`(basisPoints: Int) {
        for amount in Int64(1)...10_000 {
            let split = FeeSplit(.usd(cents: amount), basisPoints: basisPoints)
            let isRight =
                split.fee.minorUnits == amount * Int64(basisPoints) / 10_000
                && split.fee + split.earning == .usd(cents: amount) && split.earning.minorUnits > 0
            if !isRight { Issue.record("\(amount) at \(basisPoints)") }
        }
    }

    @Test func `for a million large amounts the parts add up`() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<1_000_000 {
            let amount = Int64.random(in: 10_001...9_007_199_254_740_991, using: &random)
            let split = FeeSplit(.usd(cents: amount), basisPoints: 500)
            let product = amount.multipliedFullWidth(by: 500)
            let isRight =
                split.fee.minorUnits == Int64(10_000).dividingFullWidth(product).quotient
                && split.fee.minorUnits + split.earning.minorUnits == amount
            if !isRight { Issue.record("\(amount)") }
        }
    }

    @Test func `the largest amount does not overflow`() {
        #expect(FeeSplit(.usd(cents: .max), basisPoints: 9_999).earning.minorUnits > 0)
    }
}
