import Postgres
import ServiceKit
import SharedModels

/// Takes the events of the other services.
struct NotificationsNews: Sendable {
    let clock: any DomainClock
    /// Wakes the engine that delivers.
    let wakeUp: EngineBell
    let departures: DepartureWorkflow
    let blocking: BlockingWorkflow
    let notices: NoticeWorkflow
    let store = EventStore()
    let admins = AdminStore()

    func register(on events: EventReceiver) {
        events.onEvery { envelopes, tx in
            let (events, now) = (try await addressed(envelopes, in: tx).map(ReceivedEvent.init), clock.now)
            let (fresh, lines) = try await store.insertIfAbsent(events, at: now, in: tx)
            try await notices.announce(events.filter { fresh.contains($0.envelope.id) }, at: now, in: tx)
            tx.afterCommit { [wakeUp] in wakeUp.signal(for: lines) }
        }
        events.on(AdminAppointed.self) { event, tx in try await admins.insertIfAbsent(event.userID, in: tx) }
        events.on(AccountBlocked.self) { event, tx in try await blocking.block(event.userID, in: tx) }
        events.on(AccountUnblocked.self) { event, tx in try await blocking.unblock(event.userID, in: tx) }
        events.on(AccountDeleted.self) { event, tx in
            try await admins.delete(event.userID, in: tx)
            try await departures.leave(event.userID, in: tx)
        }
    }

    /// The events, with the admins among the recipients of those that concern them.
    private func addressed(_ envelopes: [EventEnvelope], in tx: Transaction) async throws -> [EventEnvelope] {
        func concernsAdmins(_ envelope: EventEnvelope) -> Bool {
            EventName(rawValue: envelope.name)?.event.reachesAdmins == true
        }
        guard envelopes.contains(where: concernsAdmins) else { return envelopes }
        let known = try await admins.all(in: tx)
        return envelopes.map { envelope in
            guard concernsAdmins(envelope) else { return envelope }
            return envelope.addressed(to: envelope.recipients + known.filter { !envelope.recipients.contains($0) })
        }
    }
}
