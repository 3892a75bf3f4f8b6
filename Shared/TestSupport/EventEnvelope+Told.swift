import ServiceKit
import SharedModels

extension EventEnvelope {
    /// An event as another service tells it, about a new thing. A test names what matters in it.
    package static func told(
        _ name: String, of aggregate: EventAggregate = .make(at: .start), sequence: Int64 = 1,
        to recipients: [AccountID] = [], _ data: JSONValue, id: EventID = .make(at: .start), at moment: Timestamp
    ) -> Self {
        Self(
            id: id, name: name, aggregate: aggregate, sequence: sequence, recipients: recipients, data: data,
            at: moment, requestID: nil)
    }

    /// An event that auth tells of an account after the account was made.
    package static func told(
        _ event: InternalEventName, of account: AccountID, id: EventID = .make(at: .start), at moment: Timestamp
    ) -> Self {
        told(
            event.rawValue, of: EventAggregate(account.uuid), sequence: 2, ["user_id": .string("\(account)")], id: id,
            at: moment)
    }
}

extension EventReceiver {
    /// Takes one event.
    package func take(_ event: EventEnvelope) async throws { try await take([event.json]) }
}
