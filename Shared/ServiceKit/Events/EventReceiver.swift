import Logging
import Postgres
import SharedModels
import Synchronization

/// What a service does when it receives events.
///
///     kit.events.on(AccountDeleted.self) { event, tx in try await departures.leave(event.userID, in: tx) }
///
/// Each event is taken once, in the order in which it was sent. Some that come together share a transaction, in which one
/// that fails is undone alone. A failure that may pass fails the batch, which is sent again. An event that fails for good
/// becomes a dead letter, and the batch continues.
package final class EventReceiver: Sendable {
    /// Runs in the transaction that takes the event.
    private typealias Effect = @Sendable (Transaction) async throws -> Void
    /// Reads the event, and does what must happen outside the transaction.
    private typealias Handler = @Sendable (EventEnvelope) async throws -> Effect
    private typealias Handled = (envelope: EventEnvelope, handler: Handler)
    private typealias Recorder = @Sendable ([EventEnvelope], Transaction) async throws -> Void

    private struct State {
        var handlers: [String: Handler] = [:]
        var recorder: Recorder?
    }

    /// Events that share a transaction. More would hold many locks for long.
    private static let together = 20

    /// An event of a batch, after a first look.
    private enum Arrival {
        case handled(EventEnvelope, Handler)
        case recorded(EventEnvelope)
        case dead(JSONValue, EventID?, name: String?, reason: String)
    }

    private let database: Database
    let inbox: Inbox
    private let clock: any DomainClock
    private let logger: Logger
    private let state = Mutex(State())

    package init(database: Database, clock: any DomainClock, logger: Logger) {
        self.database = database
        inbox = Inbox(database: database, clock: clock)
        self.clock = clock
        self.logger = logger
    }

    /// Sets the handler for an event.
    ///
    /// - Parameters:
    ///   - prepare: Runs before the transaction, and again in every repeat. Ask other services here.
    ///   - body: Runs in the transaction that takes the event.
    package func on<E: Event>(
        _ event: E.Type,
        before prepare: @escaping @Sendable (Received<E>) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (Received<E>, Transaction) async throws -> Void
    ) {
        state.withLock { state in
            precondition(state.handlers[E.label] == nil, "\(E.label) has two handlers")
            state.handlers[E.label] = { [clock] envelope in
                let event = try Received<E>(envelope, at: clock.now)
                try await prepare(event)
                return { tx in try await body(event, tx) }
            }
        }
    }

    /// Sets one handler for all events that users can subscribe to. It gets each event as it came, members in the order
    /// in which they were written. Events that arrive together are taken together.
    package func onEvery(_ record: @escaping @Sendable ([EventEnvelope], Transaction) async throws -> Void) {
        state.withLock { $0.recorder = record }
    }

    /// Takes a batch.
    ///
    /// - Throws: Errors that may pass; the sender must send the batch again.
    package func take(_ batch: [JSONValue]) async throws {
        var records: [EventEnvelope] = []
        var handled: [Handled] = []
        for event in batch {
            switch arrival(of: event) {
            case .recorded(let envelope):
                try await handle(&handled)
                records.append(envelope)
            case .handled(let envelope, let handler):
                try await record(&records)
                handled.append((envelope, handler))
            case .dead(let event, let id, let name, let reason):
                try await record(&records)
                try await handle(&handled)
                try await bury(event, id, name: name, reason: reason)
            }
        }
        try await record(&records)
        try await handle(&handled)
    }

    /// Takes a dead letter once more, even if it is recorded as taken.
    ///
    /// - Parameter forget: Drops the letter in the same transaction, and says whether it was still there.
    /// - Throws: The reason why it cannot be taken.
    func takeAgain(_ event: JSONValue, _ forget: @Sendable (Transaction) async throws -> Bool) async throws {
        let effect: Effect
        switch arrival(of: event) {
        case .handled(let envelope, let handler): effect = try await handler(envelope)
        case .recorded(let envelope):
            guard let recorder = state.withLock({ $0.recorder }) else { return }
            effect = { tx in try await recorder([envelope], tx) }
        case .dead(_, _, _, let reason): throw DeadAgain(description: reason)
        }
        try await database.transaction { tx in
            // First: if two replicas try at once, the second waits and then finds no letter.
            guard try await forget(tx) else { return }
            try await effect(tx)
        }
    }

    private func arrival(of event: JSONValue) -> Arrival {
        let envelope: EventEnvelope
        do {
            envelope = try EventEnvelope(event)
        } catch {
            let id = event["id"]?.string.flatMap { EventID($0) }
            return .dead(event, id, name: event["name"]?.string, reason: "the envelope cannot be read: \(error)")
        }
        let (handler, recorder) = state.withLock { ($0.handlers[envelope.name], $0.recorder) }
        if let handler { return .handled(envelope, handler) }
        if recorder != nil, EventName(rawValue: envelope.name) != nil { return .recorded(envelope) }
        return .dead(event, envelope.id, name: envelope.name, reason: "no event of this name is known here")
    }

    /// Takes the collected events, some at a time in one transaction.
    private func handle(_ handled: inout [Handled]) async throws {
        var rest = handled[...]
        handled = []
        while !rest.isEmpty {
            let some = Array(rest.prefix(Self.together))
            rest = rest.dropFirst(try await takeTogether(some))
        }
    }

    /// - Returns: How many of the first were taken, or are dead letters.
    private func takeTogether(_ events: [Handled]) async throws -> Int {
        if events.count == 1 {
            try await takeAlone(events[0].envelope) { try await events[0].handler(events[0].envelope) }
            return 1
        }
        var prepared: [(envelope: EventEnvelope, effect: Effect)] = []
        var failure: (any Error)?
        for (envelope, handler) in events {
            do {
                prepared.append((envelope, try await handler(envelope)))
            } catch {
                failure = error
                break
            }
        }
        let ready = prepared
        do {
            let ended = try await database.transaction { tx in try await takeSome(ready, in: tx) }
            if let undone = ended.failure { (prepared, failure) = (Array(prepared.prefix(ended.taken)), undone) }
        } catch let error where !ErrorMapping.isPassing(error) {
            // It shows at the commit only, so nobody knows whose it is.
            for (envelope, handler) in events { try await takeAlone(envelope) { try await handler(envelope) } }
            return events.count
        }
        guard let failure else { return events.count }
        let (envelope, handler) = events[prepared.count]
        if Self.isConflict(failure) {
            try await takeAlone(envelope) { try await handler(envelope) }
        } else {
            try await giveUp(envelope, because: failure)
        }
        return prepared.count + 1
    }

    /// Takes events until one fails, which is undone.
    private func takeSome(
        _ events: [(envelope: EventEnvelope, effect: Effect)], in tx: Transaction
    ) async throws -> (taken: Int, failure: (any Error)?) {
        guard !events.isEmpty else { return (0, nil) }
        var fresh = try await inbox.take(events.map(\.envelope.id), at: clock.now, in: tx)
        for (number, event) in events.enumerated() {
            // One that is twice in the batch is taken once.
            guard fresh.remove(event.envelope.id) != nil else { continue }
            do {
                try await tx.part { try await event.effect(tx) }
            } catch {
                do {
                    try await inbox.forget(Array(fresh) + [event.envelope.id], in: tx)
                } catch _ {
                    // Nothing of them is taken, for the first reason.
                    throw error
                }
                return (number, error)
            }
        }
        return (events.count, nil)
    }

    /// Whether it may work at once, because it conflicts with what others changed meanwhile.
    private static func isConflict(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.isSerializationConflict || error.sqlState?.rawValue.hasPrefix("23") == true
    }

    /// Makes a dead letter of an event, unless the failure may pass.
    private func giveUp(_ envelope: EventEnvelope, because error: any Error) async throws {
        if ErrorMapping.isPassing(error) { throw error }
        // An event that was taken before had its effect, even if its repeat fails.
        guard try await !inbox.has(envelope.id) else { return }
        try await bury(envelope.json, envelope.id, name: envelope.name, reason: "\(error)")
    }

    private func takeAlone(
        _ envelope: EventEnvelope, _ prepare: @Sendable () async throws -> Effect
    ) async throws {
        do {
            try await take(envelope, prepare)
        } catch {
            try await giveUp(envelope, because: error)
        }
    }

    /// Runs the effect in a transaction, unless it had its effect before. When it conflicts with what others changed
    /// meanwhile, it is run once more at once.
    private func take(_ envelope: EventEnvelope, _ prepare: @Sendable () async throws -> Effect) async throws {
        func attempt() async throws {
            let effect = try await prepare()
            try await database.transaction { tx in
                try await inbox.once(envelope.id, at: clock.now, in: tx) { try await effect(tx) }
            }
        }
        do {
            try await attempt()
        } catch let error where Self.isConflict(error) {
            try await attempt()
        }
    }

    /// Takes the collected events in one transaction. When that fails for good, takes them one by one.
    private func record(_ records: inout [EventEnvelope]) async throws {
        guard !records.isEmpty, let recorder = state.withLock({ $0.recorder }) else { return }
        let envelopes = records
        records = []
        do {
            try await database.transaction { tx in
                var fresh = try await inbox.take(envelopes.map(\.id), at: clock.now, in: tx)
                // One that is twice in the batch is taken once.
                let new = envelopes.filter { fresh.remove($0.id) != nil }
                if !new.isEmpty { try await recorder(new, tx) }
            }
        } catch let error where !ErrorMapping.isPassing(error) {
            for envelope in envelopes {
                try await takeAlone(envelope) { { tx in try await recorder([envelope], tx) } }
            }
        }
    }

    private func bury(_ event: JSONValue, _ id: EventID?, name: String?, reason: String) async throws {
        logger.error(
            "an event cannot be taken and is a dead letter",
            metadata: [
                "event": "\(id.map { "\($0)" } ?? "unknown")", "name": "\(name ?? "unknown")", "reason": "\(reason)",
            ])
        let letter = DeadLetters.insertion(
            .received, letter: "\(String(decoding: event.bytes, as: UTF8.self))", name: "\(name?.storable)", reason,
            at: clock.now)
        try await database.transaction { tx in
            if let id { _ = try await inbox.take([id], at: clock.now, in: tx) }
            try await tx.execute(letter)
        }
    }
}

extension EventReceiver {
    /// Registers the endpoint at which `service` receives events.
    ///
    /// - Throws: ``EventMismatch`` when it receives an event without a handler, or has a handler for an event that it
    ///   does not receive.
    func register(on routes: Routes, for service: ServiceName) throws(EventMismatch) {
        let told = Events.told(to: service).map { $0.label }
        let (handlers, recorder) = state.withLock { (Set($0.handlers.keys), $0.recorder) }
        let recorded = recorder == nil ? [] : told.filter { EventName(rawValue: $0) != nil }
        let missing = Set(told).subtracting(handlers).subtracting(recorded)
        let superfluous = handlers.subtracting(told)
        guard missing.isEmpty, superfluous.isEmpty else {
            throw EventMismatch(service: service, missing: missing.sorted(), superfluous: superfluous.sorted())
        }
        guard !told.isEmpty else { return }
        routes.handle(Endpoints.receiveEvents(service)) { batch, _ in
            try await self.take(batch.events)
            return NoOutput()
        }
    }
}

private struct DeadAgain: Error, CustomStringConvertible {
    let description: String
}

/// The handlers of a service do not match the events that it receives: a bug in our code, found at start.
package struct EventMismatch: Error, CustomStringConvertible {
    let service: ServiceName
    let missing: [String]
    let superfluous: [String]

    package var description: String {
        "the events of \(service.rawValue) are not those that it is told of; "
            + "without handler: \(missing.joined(separator: ", ")); never sent to it: \(superfluous.joined(separator: ", "))"
    }
}

/// An event from another service.
@dynamicMemberLookup
package struct Received<E: Event>: Sendable {
    package let id: EventID
    /// The id of the thing that changed.
    package let aggregate: EventAggregate
    /// Grows with every change of the aggregate.
    package let sequence: Int64
    package let takenAt: Timestamp
    package let content: E.Reading

    /// - Throws: `JSONMismatch` when its data do not match what `E` carries.
    init(_ envelope: EventEnvelope, at now: Timestamp) throws {
        id = envelope.id
        aggregate = envelope.aggregate
        sequence = envelope.sequence
        takenAt = now
        content = try envelope.data.decode(E.Reading.self)
    }

    package subscript<Value>(dynamicMember path: KeyPath<E.Reading, Value>) -> Value { content[keyPath: path] }
}
