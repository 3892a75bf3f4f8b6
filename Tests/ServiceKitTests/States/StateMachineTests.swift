import ServiceKit
import TestSupport
import Testing

/// The promise under test: everything about a state machine follows from its arrows.
@Suite struct StateMachineTests {
    private enum Door: CaseIterable, StateMachine {
        case open, closed, bricked

        enum Event: CaseIterable { case open, close, brickUp }

        func applying(_ event: Event) throws(IllegalMove<Self, Event>) -> Self {
            switch (self, event) {
            case (.open, .close): .closed
            case (.closed, .open): .open
            case (.closed, .brickUp): .bricked
            case (.open, _), (.closed, _), (.bricked, _): throw IllegalMove(self, event)
            }
        }
    }

    @Test func `what is allowed is what has an arrow, in the order of the events`() {
        #expect(Door.open.allowed == [.close])
        #expect(Door.closed.allowed == [.open, .brickUp])
        #expect(Door.closed.allows(.brickUp))
        #expect(!Door.open.allows(.brickUp))
    }

    @Test func `an end is where nothing is allowed`() {
        #expect(Door.allCases.filter(\.isEnd) == [.bricked])
    }

    @Test func `a refusal names the state and the event`() {
        #expect(throws: IllegalMove(Door.bricked, Door.Event.open)) { try Door.bricked.applying(.open) }
    }

    @Test func `a test finds every difference from a diagram`() {
        let drawn: [Door: [Door.Event: Door]] = [
            .open: [.close: .closed], .closed: [.open: .open, .brickUp: .bricked],
        ]
        #expect(Door.differences(from: drawn) == [])
        var wrong = drawn
        wrong[.open] = [.close: .bricked]
        wrong[.bricked] = [.open: .open]
        wrong[.closed] = [.open: .open]
        let found = Door.differences(from: wrong)
        #expect(found.count == 3)
        #expect(
            zip(found, ["close at open", "brickUp at closed", "open at bricked"]).allSatisfy { $0.hasPrefix($1) },
            "\(found)")
    }
}
