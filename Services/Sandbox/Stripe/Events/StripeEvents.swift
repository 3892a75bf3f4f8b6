import Postgres
import ServiceKit
import SharedModels

/// Announces a change: an event that can be listed, and a webhook that carries it. Both commit with the change.
struct StripeEvents: Sendable {
    let store: StripeObjectStore
    let deliveries = DeliveryStore()

    /// - Parameters:
    ///   - type: Stripe's name of the event, such as `payment_intent.succeeded`.
    ///   - object: Its state after the change.
    func emit(_ type: String, _ object: StripeObject, _ work: StripeWork) async throws {
        let event = StripeObject(
            .event,
            [
                JSONMember("api_version", .string(StripeVersion.current)),
                JSONMember("created", JSONValue(unix: work.now)),
                JSONMember("type", .string(type)),
                JSONMember("data", ["object": object.body]),
                JSONMember("pending_webhooks", 1),
                JSONMember(
                    "request",
                    ["id": JSONValue(work.requestID), "idempotency_key": JSONValue(work.idempotencyKey)]),
            ])
        try await store.insert(event, work)
        try await deliveries.insert(event, work, due: SystemClock().now)
    }
}
