import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a card is charged once at a time, and never again for a fee that was paid.
@Suite struct ArbitrationFeeTests {
    static let arrows: [ArbitrationFeeState: [ArbitrationFeeEvent: ArbitrationFeeState]] = [
        .owed: [.charge: .charging],
        .charging: [.refuse: .owed, .collect: .collected],
        .collected: [:],
    ]

    @Test func `every state takes the events of the diagram and refuses the rest`() {
        #expect(ArbitrationFeeState.differences(from: Self.arrows) == [])
    }
}
