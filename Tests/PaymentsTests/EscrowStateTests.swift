import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: money moves only along the arrows of the diagram.
@Suite struct EscrowStateTests {
    static let arrows: [EscrowState: [EscrowEvent: EscrowState]] = [
        .unfunded: [.fund: .authorizing, .restore: .escrowed],
        .authorizing: [.authorize: .held, .cancel: .unfunded, .lapse: .unfunded],
        .held: [.cancel: .unfunded, .lapse: .unfunded, .capture: .escrowed, .release: .released],
        .escrowed: [.release: .released, .refund: .unfunded],
        .released: [.transfer: .paid],
        .paid: [.reverse: .released],
    ]

    @Test func `every state takes the events of the diagram and refuses the rest`() {
        #expect(EscrowState.differences(from: Self.arrows) == [])
    }

    @Test(arguments: EscrowState.allCases)
    func `a refusal names exactly what is possible`(state: EscrowState) {
        #expect(Set(state.allowed) == Set((Self.arrows[state] ?? [:]).keys))
        let error = EscrowError.illegalMove(.init(state, .fund))
        #expect(error.allowed == state.allowed.map(\.rawValue))
    }
}
