import ServiceKit
import SharedModels

/// One event on its way to one webhook or channel, claimed for an attempt.
struct Delivery: Sendable {
    /// Where it goes.
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

/// The id of a webhook or a channel, where it does not matter of which.
typealias EndpointID = Identifier<EndpointKind>

enum EndpointKind: IdentifierKind { static let prefix = "end" }

enum DeliveryState: String, Sendable {
    case pending, delivered, failed, skipped
}

/// What came of an attempt.
struct AttemptResult: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case delivered
        /// It may work later, at the earliest after what the receiver asked for.
        case failed(retryAfter: Duration?)
        /// It will never work.
        case hopeless
        /// The receiver is gone (410): nothing is sent there any more.
        case gone
        /// This server cannot speak to such endpoints.
        case skipped

        /// What the delivery is when it is not tried again.
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
    /// Fit for the endpoint's owner.
    var error: String?
    var duration = Duration.zero
}
