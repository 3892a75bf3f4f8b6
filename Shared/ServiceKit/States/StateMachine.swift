/// Where a thing stands: an enum of states, and one pure function that says which event leads where.
///
///     extension MilestoneStatus: StateMachine {
///         func applying(_ event: MilestoneEvent) throws(IllegalMove<Self, Event>) -> Self {
///             switch (self, event) {
///             case (.pending, .fund): .funded
///             case (.pending, _), (.funded, _): throw IllegalMove(self, event)
///             }
///         }
///     }
///
/// Each state also lists its refusals, so a new state does not compile until its moves are decided. A new event is
/// refused until it has a move.
package protocol StateMachine: Hashable, Sendable {
    /// The events of the machine.
    associatedtype Event: Hashable, CaseIterable, Sendable

    /// The state that follows when `event` happens now.
    ///
    /// Pure: no clock, no store, no network.
    ///
    /// - Throws: ``IllegalMove`` when the diagram has no such arrow.
    func applying(_ event: Event) throws(IllegalMove<Self, Event>) -> Self
}

extension StateMachine {
    /// Whether the diagram has an arrow for `event` here.
    package func allows(_ event: Event) -> Bool {
        do {
            _ = try applying(event)
            return true
        } catch {
            return false
        }
    }

    /// Every event that has an arrow here, in the order of declaration; empty in an end state.
    package var allowed: [Event] { Event.allCases.filter(allows) }

    /// Whether no event can happen any more.
    package var isEnd: Bool { allowed.isEmpty }
}

/// The state machine's diagram has no arrow for this event in this state.
package struct IllegalMove<State: Hashable & Sendable, Event: Hashable & Sendable>: Error, Hashable {
    package let state: State
    package let event: Event

    package init(_ state: State, _ event: Event) {
        self.state = state
        self.event = event
    }
}
