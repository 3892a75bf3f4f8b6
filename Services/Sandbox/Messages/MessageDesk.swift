import Postgres
import ServiceKit
import SharedModels

/// The common part of the message providers: planted faults, and storing what was sent.
struct MessageDesk: Sendable {
    let messages: MessageStore
    let faults: FaultGate
    let database: Database
    let clock: SandboxClock
    var pace = MessagePace()

    /// - Returns: The message's number among all, ascending.
    func keep(
        _ channel: MessageChannel, to recipient: String, subject: String? = nil, text: String,
        payload: JSONValue
    ) async throws -> Int64 {
        try await messages.insert(
            Message(
                id: .make(at: clock.now), channel: channel, recipient: recipient, subject: subject,
                text: text, payload: payload,
                at: clock.now),
            in: database)
    }

    /// The body's JSON object.
    ///
    /// - Returns: `nil` when the body is not a JSON object.
    static func object(_ body: [UInt8]) -> JSONValue? {
        // Every provider gives the same answer to any unreadable body.
        guard let value = try? JSONValue.parse(body), value.object != nil else { return nil }
        return value
    }
}
