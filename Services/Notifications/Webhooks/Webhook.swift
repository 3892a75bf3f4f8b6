import SharedModels

/// A program of a user's that wants to be told.
struct Webhook: Sendable, Equatable {
    let id: WebhookID
    let ownerID: AccountID
    let url: String
    let events: [EventName]
    let retryPolicy: RetryPolicy
    /// Since when nothing is sent any more, because the receiver said that it is gone.
    let disabledAt: Timestamp?
    let version: Int64
    let createdAt: Timestamp
}
