/// A change of a webhook. What is left out stays as it is.
public struct WebhookUpdate: PartialUpdate {
    public var url: String?
    public var events: [EventName]?
    public var retryPolicy: RetryPolicy?
    /// `false` disables it. `true` enables it again, whatever disabled it.
    public var enabled: Bool?

    public static let rules = WebhookInput.rules
}

/// Why nothing is sent to a webhook.
public enum WebhookEnding: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    /// Its receiver answered 410.
    case gone
    /// For five days no delivery was taken.
    case failing
    /// Its owner has disabled it.
    case owner
}

/// What becomes of an event on its way to a webhook.
public enum DeliveryState: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending, delivered, failed, skipped
}

/// One event on its way to a webhook.
public struct WebhookDeliveryView: Model {
    public let id: DeliveryID
    /// The `webhook-id` in its requests.
    public let eventID: EventID
    /// The event's name.
    public let event: String
    public let state: DeliveryState
    /// Oldest first.
    public let attempts: [DeliveryAttemptView]
    /// While it is pending: not before this time.
    public let nextAttemptAt: Timestamp?
    public let createdAt: Timestamp
    public let finishedAt: Timestamp?

    public init(
        id: DeliveryID, eventID: EventID, event: String, state: DeliveryState, attempts: [DeliveryAttemptView],
        nextAttemptAt: Timestamp?, createdAt: Timestamp, finishedAt: Timestamp?
    ) {
        self.id = id
        self.eventID = eventID
        self.event = event
        self.state = state
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
        self.createdAt = createdAt
        self.finishedAt = finishedAt
    }
}

public struct DeliveryAttemptView: Model {
    public let at: Timestamp
    /// Absent when there was no answer.
    public let status: Int?
    public let durationMs: Int64
    /// The first 1,024 bytes of the answer.
    public let responseBody: String
    public let error: String?

    public init(at: Timestamp, status: Int?, durationMs: Int64, responseBody: String, error: String?) {
        self.at = at
        self.status = status
        self.durationMs = durationMs
        self.responseBody = responseBody
        self.error = error
    }
}

public struct WebhookDeliveryList: Model {
    public let deliveries: [WebhookDeliveryView]
    public let nextCursor: String?

    public init(deliveries: [WebhookDeliveryView], nextCursor: String?) {
        self.deliveries = deliveries
        self.nextCursor = nextCursor
    }
}

/// Which deliveries to send again: those that were created from one moment on, up to another.
public struct ReplayInput: Model {
    public let from: Timestamp
    /// Absent: now.
    public var to: Timestamp?
    /// Absent: those that have failed.
    public var state: DeliveryState?
}

public struct ReplayView: Model {
    public let replayed: Int
    /// Where to go on when there were too many for one call.
    public let nextFrom: Timestamp?

    public init(replayed: Int, nextFrom: Timestamp?) {
        self.replayed = replayed
        self.nextFrom = nextFrom
    }
}
