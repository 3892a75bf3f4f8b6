import ServiceKit
import SharedModels

/// One event on its way to one webhook or channel, claimed for an attempt.
struct Delivery: Sendable {
    /// The destination.
    enum Endpoint: Sendable {
        case webhook(WebhookID, url: String, sealedSecret: [UInt8], RetryPolicy)
        case channel(ChannelTarget)
    }

    let id: DeliveryID
    let endpointID: EndpointID
    let endpoint: Endpoint
    let eventID: EventID
    let eventName: String
    let body: [UInt8]
    let requestID: String?
    /// The attempt to be made, counted from 1.
    let attempt: Int
    let createdAt: Timestamp
    /// Tells this attempt from one that takes over after its lease.
    let claim: ClaimID

    var retryPolicy: RetryPolicy {
        switch endpoint {
        case .webhook(_, _, _, let policy): policy
        case .channel: .standard
        }
    }
}

/// The id of a webhook or a channel, where the kind does not matter.
typealias EndpointID = Identifier<EndpointKind>

enum EndpointKind: IdentifierKind { static let prefix = "end" }

enum DeliveryState: String, Sendable {
    case pending, delivered, failed, skipped
}

/// The result of an attempt.
struct AttemptResult: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case delivered
        /// It may work later, but not before the time that the receiver asked for.
        case failed(retryAfter: Duration?)
        /// It will never work.
        case hopeless
        /// The receiver is gone (410), so nothing is sent there any more.
        case gone
        /// This server is not configured for such endpoints.
        case skipped

        /// The delivery's state when it is not tried again.
        var finalState: DeliveryState {
            switch self {
            case .delivered: .delivered
            case .failed, .hopeless, .gone: .failed
            case .skipped: .skipped
            }
        }
    }

    let verdict: Verdict
    /// `nil` when there was no answer.
    var status: Int?
    /// The first 1,024 bytes of the answer.
    var responseBody = ""
    /// In words for the endpoint's owner.
    var error: String?
    var duration = Duration.zero
}
