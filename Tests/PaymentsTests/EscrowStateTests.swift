import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: money moves only along the arrows of the diagram.
@Suite struct EscrowStateTests {
    static let moves: [EscrowState: [EscrowEvent: EscrowState]] = [
        .unfunded: [.fund: .authorizing, .restore: .escrowed],
        .authorizing: [.authorize: .held, .cancel: .unfunded, .lapse: .unfunded],
        .held: [.cancel: .unfunded, .lapse: .unfunded, .capture: .escrowed, .release: .released],
        .escrowed: [.release: .released, .refund: .unfunded],
        .released: [.transfer: .paid],
        .paid: [.reverse: .released],
    ]

    @Test(arguments: EscrowState.allCases, EscrowEvent.allCases)
    func `every move is drawn, and every other one is refused`(state: EscrowState, event: EscrowEvent) throws {
        if let next = Self.moves[state]?[event] {
            #expect(try state.applying(event) == next)
        } else {
            #expect(throws: IllegalEscrowMove(state, event)) { try state.applying(event) }
        }
    }

    @Test(arguments: EscrowState.allCases)
    func `a refusal names exactly what is possible`(state: EscrowState) {
        #expect(Set(state.allowed) == Set((Self.moves[state] ?? [:]).keys))
        let error = EscrowError.illegalMove(.init(state, .fund))
        #expect(error.allowed == state.allowed.map(\.rawValue))
    }
}
