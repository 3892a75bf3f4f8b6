import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        let milestone = try #require(MilestoneID(id))
        #expect(try PayOut(key: id, payload: .null).subject == milestone)
        #expect(try CaptureHold(key: id, payload: .null).subject == milestone)
        #expect(try CollectFee(key: id, payload: .null).subject == DisputeID(id))
        #expect(try ForgetPayer(key: id, payload: .null).subject == AccountID(id))
        #expect(try ResumeAction(key: "release:\(id)", payload: .null).subject == "release:\(id)")
        #expect(try ReverseTransfer(key: "dp_1", payload: .null).subject == "dp_1")
        #expect(try LookIntoStripeEvent(key: "evt_1", payload: .null).subject == "evt_1")
        let look = LookAtPayment(milestone: milestone, since: .start)
        #expect(look.payload == ["since": "2026-01-01T00:00:00Z"])
        #expect(try LookAtPayment(key: look.key, payload: look.payload).since == .start)
        let payee = LookAtPayee(account: try #require(AccountID(id)), since: .start)
        #expect(try LookAtPayee(key: payee.key, payload: payee.payload).since == .start)
        let page = LookAtCheckout(checkout: try #require(CheckoutID(id)), since: .start)
        #expect(try LookAtCheckout(key: page.key, payload: page.payload).since == .start)
        #expect(PayOut(milestone).key == id && PayOut(milestone).payload == .null)
        #expect(
            [
                PayOut.kind, CaptureHold.kind, CollectFee.kind, ForgetPayer.kind, ResumeAction.kind,
                LookIntoStripeEvent.kind, LookAtPayment.kind, LookAtPayee.kind, ReverseTransfer.kind,
                LookAtCheckout.kind,
            ] == [
                "escrow.payout", "escrow.capture", "arbitration.collect", "payer.forget", "action.resume",
                "stripe.event", "escrow.look", "payee.look",
                "transfer.reverse", "checkout.look",
            ])
    }

    @Test func `a key that names nothing is not done for something else`() {
        #expect(throws: UnreadableWork.self) { try PayOut(key: "", payload: .null) }
        #expect(throws: UnreadableWork.self) { try CollectFee(key: "dispute", payload: .null) }
    }
}
