import ServiceKit
import SharedModels

/// One event on its way to one webhook or channel.
struct Delivery: Sendable {
    /// The destination.
    enum Destination: Sendable {
        case webhook(WebhookTarget)
        case channel(ChannelTarget, of: Reader)
    }

    let id: DeliveryID
    let lineID: LineID
    let destination: Destination
    let eventID: EventID
    let eventName: String
    let body: [UInt8]
    let requestID: String?
    /// The id of the thing that changed.
    let aggregate: EventAggregate
    /// Its place in the line.
    let position: Int64
    /// The attempts that were made since it began.
    let tries: Int
    /// The attempts before it was replayed.
    let earlier: Int
    /// When it was created, or replayed.
    let begunAt: Timestamp

    /// The attempt to be made, counted from 1.
    var attempt: Int { earlier + tries + 1 }

    var retryPolicy: RetryPolicy {
        switch destination {
        case .webhook(let target): target.retryPolicy
        // A person cannot look it up again: so it is tried for days.
        case .channel: .durable
        }
    }
}

/// What a sender needs to know of a webhook.
struct WebhookTarget: Sendable {
    let id: WebhookID
    let url: String
    let sealedSecret: [UInt8]
    /// Signs too, for a while after the secret was rotated.
    let sealedFormerSecret: [UInt8]?
    let retryPolicy: RetryPolicy
    let format: WebhookFormat
}

/// A line is of one webhook or channel, and has its id.
typealias LineID = Identifier<LineKind>

enum LineKind: IdentifierKind { static let prefix = "line" }

/// The result of an attempt.
struct AttemptResult: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case delivered
        /// It may work later, but not before the time that the receiver asked for.
        case failed(retryAfter: Duration?)
        /// The provider takes no more messages for so long. It counts as no attempt.
        case postponed(Duration)
        /// It will never work.
        case hopeless
        /// The receiver is gone (410), so nothing is sent there any more.
        case gone
        /// This server is not configured for such destinations.
        case skipped

        /// The delivery's state when it is not tried again.
        var finalState: DeliveryState {
            switch self {
            case .delivered: .delivered
            case .failed, .hopeless, .gone, .postponed: .failed
            case .skipped: .skipped
            }
        }
    }

    let verdict: Verdict
    /// `nil` when there was no answer.
    var status: Int?
    /// The first 1,024 bytes of the answer.
    var responseBody = ""
    /// In words for the owner of the destination.
    var error: String?
    /// The chat that a Telegram group became.
    var movedTo: String?
    var duration = Duration.zero

    /// How long the receiver wants to be left alone, with all deliveries.
    var pause: Duration? {
        guard case .failed(let retryAfter?) = verdict, retryAfter > .zero else { return nil }
        return min(retryAfter, RetrySchedule.longestRetryAfter)
    }
}
