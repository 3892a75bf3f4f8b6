import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: terms are agreed on in at most three rounds, and never without one.
@Suite struct NegotiationStateTests {
    /// The whole diagram. Every other move is refused.
    static let arrows: [NegotiationState: [NegotiationEvent: NegotiationState]] = [
        .pending: [.round: .inProgress, .decline: .expired, .idle: .expired, .leave: .expired],
        .inProgress: [
            .round: .inProgress, .exhaust: .expired, .decline: .expired, .idle: .expired, .leave: .expired,
            .agree: .pendingOwnerApproval,
        ],
        .pendingOwnerApproval: [.leave: .expired, .approve: .approved, .revise: .inProgress],
        .approved: [.revise: .inProgress],
    ]

    @Test func `every state takes the events of the diagram and refuses the rest`() {
        #expect(NegotiationState.differences(from: Self.arrows) == [])
    }

    @Test func `three rounds may be proposed, and what a round leaves out keeps its value`() throws {
        var negotiation = Negotiation.sample(rateCents: 5_000)
        #expect(negotiation.nextActions.map(\.action) == ["round", "decline"])
        try negotiation.propose(Terms(hoursPerWeek: 10), by: .client, at: .start)
        #expect(negotiation.terms == Terms(rate: .usd(cents: 5_000), hoursPerWeek: 10))
        #expect(negotiation.nextActions.map(\.action) == ["round", "agree", "decline"])
        try negotiation.propose(Terms(rate: .usd(cents: 6_000)), by: .worker, at: .start)
        try negotiation.propose(Terms(payoutDelayDays: 5), by: .client, at: .start)
        #expect(negotiation.terms == Terms(rate: .usd(cents: 6_000), hoursPerWeek: 10, payoutDelayDays: 5))
        #expect(negotiation.roundNumber == 3)
        #expect(negotiation.version == 4)
        #expect(negotiation.nextActions.map(\.action) == ["agree", "decline"])
    }

    @Test func `a revision gives three new rounds, and asks for one before the next agreement`() throws {
        var negotiation = Negotiation.sample(rateCents: 5_000)
        try negotiation.propose(Terms(hoursPerWeek: 10), by: .client, at: .start)
        try negotiation.agree(making: .make(at: .start), at: .start)
        #expect(negotiation.nextActions.map(\.action) == ["approve", "revise"])
        try negotiation.reopen(at: .start)
        #expect(negotiation.nextActions.map(\.action) == ["round", "decline"])
        #expect(throws: ActionError.notNow(.agree, state: "in_progress", allowed: ["round", "decline"])) {
            try negotiation.require(.agree, by: .worker)
        }
    }

    @Test(
        arguments: [
            (nil, nil, 0), (5_000, nil, 0), (nil, 40, 0), (5_000, 40, 200_000), (0, 168, 0),
            (9_007_199_254_740_991, 1, 9_007_199_254_740_991),
            (53_614_281_278_220, 168, 9_007_199_254_740_960),
            (53_614_281_278_221, 168, nil), (9_007_199_254_740_991, 168, nil), (Int64.max, 168, nil),
        ] as [(Int64?, Int?, Int64?)])
    func `a week's value is rate times hours, up to the largest exact number of JSON`(
        rate: Int64?, hours: Int?, cents: Int64?
    ) {
        #expect(
            Terms(rate: rate.map(Money.usd(cents:)), hoursPerWeek: hours).weeklyAmount == cents.map(Money.usd(cents:)))
    }
}
