/// A state machine's diagram has no such arrow.
struct IllegalMove: Error, Equatable {
    let state: String
    let event: String

    init<State: RawRepresentable, Event: RawRepresentable>(_ state: State, _ event: Event)
    where State.RawValue == String, Event.RawValue == String {
        self.state = state.rawValue
        self.event = event.rawValue
    }
}
