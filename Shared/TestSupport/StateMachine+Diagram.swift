import ServiceKit

extension StateMachine where Self: CaseIterable {
    /// In what the machine differs from a diagram, in words; empty when it makes the diagram's moves, and refuses all others.
    ///
    /// - Parameter diagram: By state, the events that may happen there, and where they lead.
    package static func differences(from diagram: [Self: [Event: Self]]) -> [String] {
        allCases.flatMap { state in
            Event.allCases.compactMap { event in
                let drawn: Result<Self, IllegalMove<Self, Event>> =
                    diagram[state]?[event].map { .success($0) } ?? .failure(IllegalMove(state, event))
                let made = Result { () throws(IllegalMove<Self, Event>) in try state.applying(event) }
                return made == drawn ? nil : "\(event) at \(state): \(made) instead of \(drawn)"
            }
        }
    }
}
