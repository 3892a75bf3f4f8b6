import Postgres
import ServiceKit

/// Where a client's payment is.
enum CheckoutState: String, PostgresValue, CaseIterable {
    /// Its page is being made.
    case opening
    /// The client can pay.
    case open
    /// The client has paid, and the bank takes days.
    case processing
    /// Nothing was paid: the page expired, could not be made, or the bank refused.
    case ended
    /// The money came, and contracts is asked what it is for.
    case paid
    /// It is in escrow for a contract.
    case funded
    /// It is in the freelancer's wallet, less the fee.
    case released
    /// It is divided between the parties' wallets.
    case refunded
    /// No contract takes it, and it goes back to the card.
    case returning
    case returned
}

/// What can happen to a client's payment.
enum CheckoutEvent: String, CaseIterable, Sendable {
    /// The page is there.
    case open
    /// The client has done everything, and the money is not there yet.
    case process
    /// Nothing will be paid any more.
    case end
    /// The money is there.
    case pay
    /// A contract takes it.
    case fund
    /// No contract takes it.
    case turnDown = "turn_down"
    case release
    case refund
    /// It went back to the card.
    case giveBack = "give_back"
    /// It had gone back to the card, and the refund failed.
    case comeBack = "come_back"
}

/// The states of a client's payment.
///
///     opening ──open──▶ open ──process──▶ processing      each of the three ──end──▶ ended
///
///     open, processing ──pay──▶ paid ──fund──▶ funded ──release──▶ released
///                                │                └─────refund───▶ refunded
///                                └──turn down──▶ returning ──give back──▶ returned
///                                                   ▲─────come back──────────┘
extension CheckoutState: StateMachine {
    func applying(_ event: CheckoutEvent) throws(IllegalMove<Self, CheckoutEvent>) -> Self {
        switch (self, event) {
        case (.opening, .open): .open
        case (.open, .process): .processing
        case (.opening, .end), (.open, .end), (.processing, .end): .ended
        case (.open, .pay), (.processing, .pay): .paid
        case (.paid, .fund): .funded
        case (.paid, .turnDown): .returning
        case (.funded, .release): .released
        case (.funded, .refund): .refunded
        case (.returning, .giveBack): .returned
        case (.returned, .comeBack): .returning
        case (.opening, _), (.open, _), (.processing, _), (.ended, _), (.paid, _), (.funded, _), (.released, _),
            (.refunded, _), (.returning, _), (.returned, _):
            throw IllegalMove(self, event)
        }
    }
}

typealias IllegalCheckoutMove = IllegalMove<CheckoutState, CheckoutEvent>
