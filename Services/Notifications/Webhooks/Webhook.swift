import SharedModels

/// A user's program that receives events.
struct Webhook: Sendable, Equatable {
    let id: WebhookID
    let ownerID: AccountID
    var url: String
    var events: [EventName]
    var retryPolicy: RetryPolicy
    /// How what it receives is written.
    let format: WebhookFormat
    /// When deliveries stopped.
    var disabledAt: Timestamp?
    /// Why they stopped.
    var ending: WebhookEnding?
    var version: Int64
    let createdAt: Timestamp
}

/// The form of a webhook's deliveries: that of the surface on which it was made. Every surface shows and changes all
/// webhooks of the account.
enum WebhookFormat: String, Sendable {
    /// `{"id","event","data","timestamp","sequence"}`.
    case clawConnected = "clawconnected"
    /// `{"id","event","data","webhook_id","created_at","signature"}`.
    case skillSync = "skillsync"
}

/// What an account asks for when it registers a webhook.
struct WebhookDraft: Sendable {
    let url: String
    let events: [EventName]
    let retryPolicy: RetryPolicy
    let format: WebhookFormat
    /// The caller's own secret; `nil` has one made.
    let secret: String?
}
