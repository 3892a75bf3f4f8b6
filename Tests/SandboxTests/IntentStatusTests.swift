import Testing

@testable import SandboxService

/// The promise under test: a payment moves as Stripe's do, and never out of an end.
@Suite struct IntentStatusTests {
    @Test func `a manual payment is held, then captured`() {
        #expect(IntentStatus.requiresPaymentMethod.after(.hold) == .requiresCapture)
        #expect(IntentStatus.requiresCapture.after(.capture) == .succeeded)
    }

    @Test func `a declined payment can be tried again`() {
        #expect(IntentStatus.requiresConfirmation.after(.decline) == .requiresPaymentMethod)
        #expect(IntentStatus.requiresPaymentMethod.after(.hold) == .requiresCapture)
    }

    @Test func `a hold that nobody captures lapses`() {
        #expect(IntentStatus.requiresCapture.after(.lapse) == .canceled)
    }

    @Test(arguments: [IntentStatus.succeeded, .canceled], IntentStatus.Move.allCases)
    func `nothing moves a payment that is over`(status: IntentStatus, move: IntentStatus.Move) {
        #expect(status.after(move) == nil)
    }

    @Test(arguments: IntentStatus.allCases.filter { $0 != .requiresCapture })
    func `only a held payment is captured or lapses`(status: IntentStatus) {
        #expect(status.after(.capture) == nil)
        #expect(status.after(.lapse) == nil)
    }

    @Test func `a refusal names the statuses that would do`() {
        #expect(IntentStatus.allowing(.capture) == "requires_capture")
        #expect(
            IntentStatus.allowing(.cancel)
                == "requires_payment_method, requires_confirmation, requires_capture")
    }
}
