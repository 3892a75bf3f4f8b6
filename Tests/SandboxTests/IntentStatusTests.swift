import ServiceKit
import TestSupport
import Testing

@testable import SandboxService

/// The promise under test: a payment moves like Stripe's, and never leaves an end state.
@Suite struct IntentStatusTests {
    static let arrows: [IntentStatus: [IntentStatus.Event: IntentStatus]] = [
        .requiresPaymentMethod: [
            .attach: .requiresConfirmation, .challenge: .requiresAction, .delay: .processing, .hold: .requiresCapture,
            .charge: .succeeded, .decline: .requiresPaymentMethod, .cancel: .canceled,
        ],
        .requiresConfirmation: [
            .attach: .requiresConfirmation, .challenge: .requiresAction, .delay: .processing, .hold: .requiresCapture,
            .charge: .succeeded, .decline: .requiresPaymentMethod, .cancel: .canceled,
        ],
        .requiresAction: [
            .attach: .requiresConfirmation, .challenge: .requiresAction, .delay: .processing, .hold: .requiresCapture,
            .charge: .succeeded, .decline: .requiresPaymentMethod, .cancel: .canceled,
        ],
        .processing: [.hold: .requiresCapture, .charge: .succeeded, .decline: .requiresPaymentMethod],
        .requiresCapture: [.capture: .succeeded, .lapse: .canceled, .cancel: .canceled],
        .succeeded: [:],
        .canceled: [:],
    ]

    @Test func `a payment moves along the diagram, and in no other way`() {
        #expect(IntentStatus.differences(from: Self.arrows) == [])
    }

    @Test func `nothing moves a payment that is over`() {
        #expect(IntentStatus.allCases.filter(\.isEnd) == [.succeeded, .canceled])
    }

    @Test func `a refusal names the statuses that would do`() {
        #expect(IntentStatus.allowing(.capture) == "requires_capture")
        #expect(
            IntentStatus.allowing(.cancel)
                == "requires_payment_method, requires_confirmation, requires_action, requires_capture")
    }
}
