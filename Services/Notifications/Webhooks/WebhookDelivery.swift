import SharedModels

/// One event on its way to a webhook, as its owner sees it.
struct WebhookDelivery: Sendable, Equatable {
    let id: DeliveryID
    let eventID: EventID
    /// The event's name.
    let event: String
    let state: DeliveryState
    /// Oldest first.
    var attempts: [DeliveryAttempt] = []
    /// While it is pending: not before this time.
    let nextAttemptAt: Timestamp?
    let createdAt: Timestamp
    let finishedAt: Timestamp?
}

/// One request, and what came of it.
struct DeliveryAttempt: Sendable, Equatable {
    let at: Timestamp
    /// `nil` when there was no answer.
    let status: Int?
    let duration: Duration
    /// The first 1,024 bytes of the answer.
    let responseBody: String
    let error: String?

    /// As every surface shows it.
    var view: DeliveryAttemptView {
        DeliveryAttemptView(
            at: at, status: status, durationMs: duration.wholeMilliseconds, responseBody: responseBody, error: error)
    }
}

/// Which deliveries to send again: those that were created from one moment on and before another.
struct ReplayRange: Sendable {
    let from: Timestamp
    /// `nil`: now.
    var to: Timestamp?
    var state = DeliveryState.failed
}

struct Replayed: Sendable, Equatable {
    let count: Int
    /// Where to go on when there were too many for one call.
    let nextFrom: Timestamp?
}
