import SharedModels

/// A user's program that receives events.
struct Webhook: Sendable, Equatable {
    let id: WebhookID
    let ownerID: AccountID
    let url: String
    let events: [EventName]
    let retryPolicy: RetryPolicy
    /// When deliveries stopped because the receiver said that it is gone.
    let disabledAt: Timestamp?
    let version: Int64
    let createdAt: Timestamp
}
