import Postgres
import SharedModels

/// One change of the sandbox's Stripe: its transaction, and its time.
struct StripeWork: Sendable {
    let tx: Transaction
    /// By the sandbox's clock.
    let now: Timestamp
    /// `nil` for a change without a request.
    var requestID: String?
    var idempotencyKey: String?
}

/// What a card's bank does when it is asked.
enum BankManner: Sendable, Equatable {
    /// As the card says.
    case usual
    case declines
    /// It answers later.
    case delays
    /// It asks the customer first.
    case challenges

    init(_ fault: FaultMode?) {
        self =
            switch fault {
            case .decline: .declines
            case .processing: .delays
            case .requiresAction: .challenges
            default: .usual
            }
    }
}

/// One call of Stripe's API, past the gate.
struct StripeCall: Sendable {
    let work: StripeWork
    let key: StripeKey
    let pathParameters: [String: String]
    let parameters: StripeParameters
    /// `Stripe-Account`: the account that the call acts for; `nil` is the platform.
    let account: String?
    /// What the card's bank does, if it is asked.
    let bank: BankManner

    /// The object that the path names.
    var id: String { pathParameters["id"] ?? "" }
    var tx: Transaction { work.tx }
    var now: Timestamp { work.now }
}

/// The answer to a call, sent once its transaction has committed. A refusal that changes nothing is thrown instead.
struct StripeAnswer: Sendable {
    var status = 200
    var body: JSONValue

    init(_ body: JSONValue, status: Int = 200) {
        self.body = body
        self.status = status
    }
}
