import Postgres
import ServiceKit
import SharedModels

/// Takes the events of the other services.
struct EventNews: Sendable {
    let clock: any DomainClock
    /// Wakes the engine that delivers.
    let wakeUp: WakeUp
    let departures: DepartureWorkflow
    let store = EventStore()

    func register(on events: EventReceiver) {
        events.onEvery { envelopes, tx in
            try await store.insertIfAbsent(envelopes.map(ReceivedEvent.init), at: clock.now, in: tx)
        } afterwards: {
            wakeUp.signal()
        }
        events.on(AccountDeleted.self) { event, tx in try await departures.leave(event.userID, in: tx) }
    }
}
