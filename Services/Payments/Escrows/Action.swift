import Postgres
import SharedModels

/// The kinds of actions with money, by their purpose: calls to the payment provider and, for checkouts, to contracts.
///
/// The first six are about milestones, the others about checkouts.
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
    /// Makes the page on which a client pays.
    case session
    /// Asks contracts what a payment is for.
    case settle
    /// Returns a payment that no contract takes.
    case giveBack = "give_back"
    /// Releases a contract's money to the freelancer's wallet.
    case award
    /// Divides the money of a canceled contract between wallets.
    case divide

    /// What is asked. ``capture`` and ``release`` ask the same, so they share its numbering.
    var operation: String {
        switch self {
        case .authorize: "authorize"
        case .capture, .release: "capture"
        case .cancel: "cancel"
        case .refund: "refund"
        case .transfer: "transfer"
        case .session: "session"
        case .settle: "settle"
        case .giveBack: "give_back"
        case .award: "release"
        case .divide: "refund"
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

/// One call to the payment provider, or to contracts. It is stored before it is made, so that a process that resumes it
/// makes the same call.
struct Action: Sendable, Equatable {
    let key: String
    let subject: MoneySubject
    let kind: ActionKind
    /// Counts the subject's calls of this operation.
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
    /// The admin who asked for it; `nil` for what parties, other services and deadlines began.
    var admin: AccountID?

    /// The provider keeps a refusal under its key, so that each try has its own key.
    var idempotencyKey: String { tries == 0 ? key : "\(key):\(tries)" }

    /// Why what it did is posted.
    var cause: Posting.Cause { .init(action: key, requestID: requestID, admin: admin) }

    /// The provider's idempotency key: what is done, to which milestone or checkout, and how often it was done before, plus one.
    static func key(_ kind: ActionKind, of subject: MoneySubject, number: Int) -> String {
        "\(subject):\(kind.operation):\(number)"
    }
}
