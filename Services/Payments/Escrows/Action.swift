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
    /// The money for it was not there yet. It is started again.
    case waiting
    /// It had no effect, and its key is of no use any more: the next action took its place.
    case failed
}

/// One call to the payment provider. It is stored before it is made, so that a process that resumes it makes the same
/// call.
struct Action: Sendable, Equatable {
    let key: String
    let milestoneID: MilestoneID
    let kind: ActionKind
    /// Counts the milestone's calls of this operation.
    let number: Int
    let state: ActionState
    /// Why it was refused or failed, in the provider's own words; for the log.
    let refusal: String?
    let startedAt: Timestamp
    /// The request that it was started for.
    let requestID: String?
    /// The amount of a refund; `nil` for other actions, which move everything.
    let amount: Money?
    /// How often it was refused because the money was not there yet.
    var tries = 0

    /// The provider keeps a refusal under its key, so that each try has one of its own.
    var idempotencyKey: String { tries == 0 ? key : "\(key):\(tries)" }

    /// Why what it did is posted.
    var cause: Posting.Cause { .init(action: key, requestID: requestID) }

    /// The provider's idempotency key: what is done, to which milestone, and how often it was done before, plus one.
    static func key(_ kind: ActionKind, of milestone: MilestoneID, number: Int) -> String {
        "milestone:\(milestone):\(kind.operation):\(number)"
    }
}
