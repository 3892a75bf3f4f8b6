import Postgres
import ServiceKit
import SharedModels

/// Announces a change: an event that can be listed, and a webhook that carries it. Both commit with the change.
struct StripeEvents: Sendable {
    /// How long one that comes late is held back, so that others come before it.
    static let delay = Duration.seconds(2)

    let store: StripeObjectStore
    let deliveries = DeliveryStore()
    let faults = DeliveryFaultStore()

    /// - Parameters:
    ///   - type: Stripe's name of the event, such as `payment_intent.succeeded`.
    ///   - object: Its state after the change.
    ///   - account: The connected account that it happened to; `nil` is the platform.
    func emit(_ type: String, _ object: StripeObject, account: String? = nil, _ work: StripeWork) async throws {
        try await emit(type, body: object.body, account: account, work)
    }

    /// - Parameter isLive: What the event says about itself. Nothing in the sandbox is live.
    @discardableResult
    func emit(
        _ type: String, body: JSONValue, account: String? = nil, isLive: Bool = false, _ work: StripeWork
    ) async throws -> StripeObject {
        var members = [
            JSONMember("api_version", .string(StripeVersion.current)),
            JSONMember("created", JSONValue(unix: work.now)),
            JSONMember("type", .string(type)),
            JSONMember("data", ["object": body]),
            JSONMember("pending_webhooks", 1),
            JSONMember(
                "request",
                ["id": JSONValue(work.requestID), "idempotency_key": JSONValue(work.idempotencyKey)]),
        ]
        if let account { members.append(JSONMember("account", .string(account))) }
        var event = StripeObject(.event, members)
        event["livemode"] = .bool(isLive)
        try await store.insert(event, work)
        let now = SystemClock().now
        switch try await faults.take(type, in: work.tx) {
        case nil: try await deliveries.insert(event, work, due: now)
        case .twice:
            try await deliveries.insert(event, work, due: now)
            try await deliveries.insert(event, work, due: now)
        case .later: try await deliveries.insert(event, work, due: now + Self.delay, isSetAside: true)
        case .dropped: break
        }
        return event
    }
}
