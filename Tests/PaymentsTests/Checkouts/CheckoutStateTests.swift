import ServiceKit
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a payment moves as the diagram shows, and in no other way.
@Suite struct CheckoutStateTests {
    private static let arrows: [CheckoutState: [CheckoutEvent: CheckoutState]] = [
        .opening: [.open: .open, .end: .ended],
        .open: [.process: .processing, .end: .ended, .pay: .paid],
        .processing: [.end: .ended, .pay: .paid],
        .paid: [.fund: .funded, .turnDown: .returning],
        .funded: [.release: .released, .refund: .refunded],
        .returning: [.giveBack: .returned],
        .returned: [.comeBack: .returning],
    ]

    @Test func `every state takes the events of the diagram and refuses the rest`() {
        #expect(CheckoutState.differences(from: Self.arrows) == [])
    }
}
