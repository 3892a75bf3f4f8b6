import Postgres
import SharedModels

/// The kinds of calls to the payment provider, by their purpose.
enum ActionKind: String, PostgresValue, CaseIterable {
    /// Makes the PaymentIntent that the client confirms.
    case authorize
    /// Captures into escrow before the hold lapses.
    case capture
    /// Captures and releases.
    case release
    case cancel
    /// Returns captured money to the client.
    case refund
    case transfer

    /// The provider's operation. ``capture`` and ``release`` use the same one, so they share its numbering.
    var operation: String {
        switch self {
        case .authorize: "authorize"
        case .capture, .release: "capture"
        case .cancel: "cancel"
        case .refund: "refund"
        case .transfer: "transfer"
        }
    }
}

enum ActionState: String, PostgresValue {
    case started, finished, refused
}

/// One call to the payment provider. It is stored before it is made, so that a process that resumes it makes the same
/// call.
struct Action: Sendable, Equatable {
    let key: String
    let milestoneID: MilestoneID
    let kind: ActionKind
    let state: ActionState
    /// Why the provider refused, in its own words; for the log.
    let refusal: String?
    let startedAt: Timestamp
    /// The amount of a refund; `nil` for other actions, which move everything.
    let amount: Money?

    /// Whether the provider may have forgotten this call's idempotency key.
    func mayBeForgotten(at now: Timestamp) -> Bool { now > startedAt + StripeClient.keyLifetime }

    /// The provider's idempotency key: what is done, to which milestone, and how often it was done before, plus one.
    static func key(_ kind: ActionKind, of milestone: MilestoneID, number: Int) -> String {
        "milestone:\(milestone):\(kind.operation):\(number)"
    }
}
