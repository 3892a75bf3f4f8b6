import ServiceKit
import SharedModels

/// What can happen to a milestone's money.
package enum EscrowEvent: String, CaseIterable, Sendable {
    /// The client began to pay.
    case fund
    /// The provider holds the money.
    case authorize
    /// We cancelled the payment.
    case cancel
    /// The provider cancelled the payment.
    case lapse
    /// The held money was captured before it could lapse.
    case capture
    /// The captured money went back to the client.
    case refund
    /// The money became the platform's fee and the worker's earning. If it was only held, it is captured too.
    case release
    /// The earning left for the worker's account.
    case transfer
    /// The captured money had gone back, and its refund failed.
    case restore
    /// The earning was taken back from the worker's account, and is the worker's again.
    case reverse
}

/// The states of a milestone's money (the words are in `SharedModels`).
///
///     unfunded ──fund──▶ authorizing ──authorize──▶ held ──capture──▶ escrowed ──release──▶ released ──transfer──▶ paid
///        ▲                    │                      │ └────────────release─────────────────▲
///        ├───cancel, lapse────┘                      │                 │
///        ├───────────cancel, lapse───────────────────┘                 │
///        └───────────────────────────refund────────────────────────────┘
///
///     unfunded ──restore──▶ escrowed    paid ──reverse──▶ released
extension EscrowState: StateMachine {
    package func applying(_ event: EscrowEvent) throws(IllegalMove<Self, EscrowEvent>) -> Self {
        switch (self, event) {
        case (.unfunded, .fund): .authorizing
        case (.authorizing, .authorize): .held
        case (.authorizing, .cancel), (.authorizing, .lapse): .unfunded
        case (.held, .cancel), (.held, .lapse): .unfunded
        case (.held, .capture): .escrowed
        case (.held, .release): .released
        case (.escrowed, .refund): .unfunded
        case (.escrowed, .release): .released
        case (.released, .transfer): .paid
        case (.unfunded, .restore): .escrowed
        case (.paid, .reverse): .released
        case (.unfunded, _), (.authorizing, _), (.held, _), (.escrowed, _), (.released, _), (.paid, _):
            throw IllegalMove(self, event)
        }
    }
}

typealias IllegalEscrowMove = IllegalMove<EscrowState, EscrowEvent>
