import SharedModels

/// A user's program that receives events.
struct Webhook: Sendable, Equatable {
    let id: WebhookID
    let ownerID: AccountID
    var url: String
    var events: [EventName]
    var retryPolicy: RetryPolicy
    /// When deliveries stopped.
    var disabledAt: Timestamp?
    /// Why they stopped.
    var ending: WebhookEnding?
    var version: Int64
    let createdAt: Timestamp
}
