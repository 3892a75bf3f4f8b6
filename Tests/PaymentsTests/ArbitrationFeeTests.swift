import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: a card is charged once at a time, and never again for a fee that was paid.
@Suite struct ArbitrationFeeTests {
    static let arrows: [ArbitrationFeeState: [ArbitrationFeeEvent: ArbitrationFeeState]] = [
        .owed: [.charge: .charging],
        .charging: [.refuse: .owed, .collect: .collected],
        .collected: [:],
    ]

    @Test(arguments: ArbitrationFeeState.allCases, ArbitrationFeeEvent.allCases)
    func `every move is drawn, and every other one is refused`(
        state: ArbitrationFeeState, event: ArbitrationFeeEvent
    ) throws {
        if let next = Self.arrows[state]?[event] {
            #expect(try state.applying(event) == next)
        } else {
            #expect(throws: IllegalMove(state, event)) { try state.applying(event) }
        }
    }
}
