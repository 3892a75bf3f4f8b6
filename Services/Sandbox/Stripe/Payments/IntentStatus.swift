import ServiceKit
import SharedModels

/// Where a PaymentIntent stands (https://docs.stripe.com/payments/paymentintents/lifecycle), as far as cards
/// go.
///
///     requires_payment_method ──attach──▶ requires_confirmation
///
///     either ──hold───▶ requires_capture ──capture──▶ succeeded
///     either ──charge─▶ succeeded        └──lapse───▶ canceled
///     either ──decline▶ requires_payment_method
///     any but the last two ──cancel──▶ canceled
enum IntentStatus: String, CaseIterable, StateMachine {
    case requiresPaymentMethod = "requires_payment_method"
    case requiresConfirmation = "requires_confirmation"
    case requiresCapture = "requires_capture"
    case succeeded
    case canceled

    /// What can happen to it.
    enum Event: String, CaseIterable, Sendable {
        /// A payment method is named.
        case attach
        /// The bank holds the amount, to be captured later.
        case hold
        /// The bank pays at once.
        case charge
        /// The bank says no.
        case decline
        case capture
        case cancel
        /// The hold was not captured in time.
        case lapse
    }

    func applying(_ event: Event) throws(IllegalMove<Self, Event>) -> Self {
        switch (self, event) {
        case (.requiresPaymentMethod, .attach), (.requiresConfirmation, .attach): .requiresConfirmation
        case (.requiresPaymentMethod, .hold), (.requiresConfirmation, .hold): .requiresCapture
        case (.requiresPaymentMethod, .charge), (.requiresConfirmation, .charge): .succeeded
        case (.requiresPaymentMethod, .decline), (.requiresConfirmation, .decline): .requiresPaymentMethod
        case (.requiresPaymentMethod, .cancel), (.requiresConfirmation, .cancel), (.requiresCapture, .cancel):
            .canceled
        case (.requiresCapture, .capture): .succeeded
        case (.requiresCapture, .lapse): .canceled
        case (.requiresPaymentMethod, _), (.requiresConfirmation, _), (.requiresCapture, _), (.succeeded, _),
            (.canceled, _):
            throw IllegalMove(self, event)
        }
    }

    /// The statuses in which `event` is possible, in Stripe's words for its error messages.
    static func allowing(_ event: Event) -> String {
        allCases.filter { $0.allows(event) }.map(\.rawValue).joined(separator: ", ")
    }
}

extension IntentStatus.Event {
    /// The event in Stripe's error messages.
    var pastTense: String {
        switch self {
        case .attach: "updated"
        case .hold, .charge, .decline: "confirmed"
        case .capture: "captured"
        case .cancel, .lapse: "canceled"
        }
    }
}

extension StripeObject {
    /// The payment with its next status.
    ///
    /// - Throws: ``StripeError`` with `payment_intent_unexpected_state` when there is none.
    func moved(by event: IntentStatus.Event) throws(StripeError) -> StripeObject {
        // The machine's refusal is reported below in Stripe's words.
        guard let status = IntentStatus(rawValue: text("status")), let next = try? status.applying(event) else {
            var refusal = StripeError.invalid(
                "payment_intent_unexpected_state",
                "This PaymentIntent could not be \(event.pastTense) because it has a status of \(text("status")). "
                    + "Only a PaymentIntent with one of the following statuses may be \(event.pastTense): "
                    + "\(IntentStatus.allowing(event)).")
            refusal.details = [JSONMember("payment_intent", body)]
            throw refusal
        }
        var moved = self
        moved["status"] = .string(next.rawValue)
        return moved
    }
}
