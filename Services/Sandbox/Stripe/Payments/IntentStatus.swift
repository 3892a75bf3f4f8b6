import ServiceKit
import SharedModels

/// Where a PaymentIntent stands (https://docs.stripe.com/payments/paymentintents/lifecycle), as far as cards
/// go.
///
///     requires_payment_method ──attach──▶ requires_confirmation
///
///     either ──challenge▶ requires_action    any of the three ──delay▶ processing
///
///     any of the four ──hold───▶ requires_capture ──capture──▶ succeeded
///     any of the four ──charge─▶ succeeded        └──lapse───▶ canceled
///     any of the four ──decline▶ requires_payment_method
///     any but the ends and processing ──cancel──▶ canceled
enum IntentStatus: String, CaseIterable, StateMachine {
    case requiresPaymentMethod = "requires_payment_method"
    case requiresConfirmation = "requires_confirmation"
    /// The bank asks the customer.
    case requiresAction = "requires_action"
    /// The bank takes its time.
    case processing
    case requiresCapture = "requires_capture"
    case succeeded
    case canceled

    /// What can happen to it.
    enum Event: String, CaseIterable, Sendable {
        /// A payment method is named.
        case attach
        /// The bank asks the customer first.
        case challenge
        /// The bank answers later.
        case delay
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
        case (.requiresPaymentMethod, .attach), (.requiresConfirmation, .attach), (.requiresAction, .attach):
            .requiresConfirmation
        case (.requiresPaymentMethod, .challenge), (.requiresConfirmation, .challenge), (.requiresAction, .challenge):
            .requiresAction
        case (.requiresPaymentMethod, .delay), (.requiresConfirmation, .delay), (.requiresAction, .delay):
            .processing
        case (.requiresPaymentMethod, .hold), (.requiresConfirmation, .hold), (.requiresAction, .hold),
            (.processing, .hold):
            .requiresCapture
        case (.requiresPaymentMethod, .charge), (.requiresConfirmation, .charge), (.requiresAction, .charge),
            (.processing, .charge):
            .succeeded
        case (.requiresPaymentMethod, .decline), (.requiresConfirmation, .decline), (.requiresAction, .decline),
            (.processing, .decline):
            .requiresPaymentMethod
        case (.requiresPaymentMethod, .cancel), (.requiresConfirmation, .cancel), (.requiresAction, .cancel),
            (.requiresCapture, .cancel):
            .canceled
        case (.requiresCapture, .capture): .succeeded
        case (.requiresCapture, .lapse): .canceled
        case (.requiresPaymentMethod, _), (.requiresConfirmation, _), (.requiresAction, _), (.processing, _),
            (.requiresCapture, _), (.succeeded, _), (.canceled, _):
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
        case .challenge, .delay, .hold, .charge, .decline: "confirmed"
        case .capture: "captured"
        case .cancel, .lapse: "canceled"
        }
    }
}

extension StripeObject {
    /// The payment with its next status.
    ///
    /// - Throws: ``StripeError`` with `payment_intent_unexpected_state` when the diagram has no such arrow.
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
