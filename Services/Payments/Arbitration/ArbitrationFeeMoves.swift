import ServiceKit
import SharedModels

/// What can happen to an arbitration fee.
package enum ArbitrationFeeEvent: String, CaseIterable, Sendable {
    /// A card is about to be charged.
    case charge
    /// The card was refused.
    case refuse
    /// The card paid.
    case collect
}

/// The states of an arbitration fee (the words are in `SharedModels`).
///
///     owed ──charge──▶ charging ──collect──▶ collected
///       ▲                 │
///       └─────refuse──────┘
extension ArbitrationFeeState: StateMachine {
    package func applying(
        _ event: ArbitrationFeeEvent
    ) throws(IllegalMove<Self, ArbitrationFeeEvent>) -> Self {
        switch (self, event) {
        case (.owed, .charge): .charging
        case (.charging, .refuse): .owed
        case (.charging, .collect): .collected
        case (.owed, _), (.charging, _), (.collected, _): throw IllegalMove(self, event)
        }
    }
}
