import ServiceKit
import Testing

@testable import PaymentsService

/// The promise under test: a payment moves as the diagram shows, and in no other way.
@Suite struct CheckoutStateTests {
    private static let moves: [CheckoutState: [CheckoutEvent: CheckoutState]] = [
        .opening: [.open: .open, .end: .ended],
        .open: [.process: .processing, .end: .ended, .pay: .paid],
        .processing: [.end: .ended, .pay: .paid],
        .paid: [.fund: .funded, .turnDown: .returning],
        .funded: [.release: .released, .refund: .refunded],
        .returning: [.giveBack: .returned],
        .returned: [.comeBack: .returning],
    ]

    @Test(arguments: CheckoutState.allCases)
    func `each event leads where it should or is refused`(state: CheckoutState) {
        for event in CheckoutEvent.allCases {
            let next = Self.moves[state]?[event]
            #expect((try? state.applying(event)) == next, "\(state) \(event)")
        }
        #expect(Set(state.allowed) == Set(Self.moves[state, default: [:]].keys))
    }
}
