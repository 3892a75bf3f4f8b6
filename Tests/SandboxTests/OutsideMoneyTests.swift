import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: what others do to money at Stripe changes the objects, the balance and the events as there.
@Suite struct OutsideMoneyTests {
    @Test func `a dispute takes the money, and gives it back when it is won`() async throws {
        try await SandboxWeb.use { web in
            let payment = try await web.paid()
            let dispute = try await web.tell("stripe/disputes", ["payment_intent": .string(payment.id)])
            #expect(dispute.body["amount"] == 10_000 && dispute.body["status"] == "needs_response")
            #expect(try await web.balance().available == 0)
            let charge = try await web.stripe(.get, "charges/\(payment.body["latest_charge"]?.string ?? "")")
            #expect(charge.body["disputed"] == true)
            let again = try await web.tell("stripe/disputes", ["payment_intent": .string(payment.id)])
            #expect(again.status == 400 && again.code == "charge_disputed")
            let won = try await web.tell("stripe/disputes/\(dispute.id)", ["outcome": "won"])
            #expect(won.body["status"] == "won" && won.body["balance_transactions"]?.array?.count == 2)
            #expect(try await web.balance().available == 10_000)
            #expect(try await web.tell("stripe/disputes/\(dispute.id)", ["outcome": "lost"]).code == "dispute_closed")
            #expect(
                try await web.sandbox.eventTypes().suffix(4) == [
                    "charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
                    "charge.dispute.closed",
                ])
        }
    }

    @Test func `a lost dispute keeps the money, and its fee is the platform's`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["dispute_fee_minor": 1_500])
            let payment = try await web.paid(with: "pm_card_createDispute")
            let listed = try await web.stripe(.get, "disputes?payment_intent=\(payment.id)").body["data"]?.array
            let dispute = try #require(listed?.first?["id"]?.string)
            #expect(try await web.balance().available == -1_500)
            let lost = try await web.stripe(.post, "disputes/\(dispute)/close")
            #expect(lost.body["status"] == "lost")
            #expect(try await web.balance().available == -1_500)
            #expect(try await web.sandbox.eventTypes().last == "charge.dispute.closed")
        }
    }

    @Test func `a pending refund arrives or fails later, and a failed one brings the money back`() async throws {
        try await SandboxWeb.use { web in
            let payment = try await web.paid()
            let charge = "charges/\(payment.body["latest_charge"]?.string ?? "")"
            let one = try await web.tell(
                "stripe/refunds", ["payment_intent": .string(payment.id), "amount": 4_000, "status": "pending"])
            let two = try await web.tell("stripe/refunds", ["payment_intent": .string(payment.id), "amount": 1_000])
            #expect(one.body["status"] == "pending" && two.body["status"] == "succeeded")
            #expect(try await web.balance().available == 5_000)
            #expect(try await web.stripe(.get, charge).body["amount_refunded"] == 5_000)
            #expect(
                try await web.tell("stripe/refunds/\(one.id)", ["status": "succeeded"]).body["status"]
                    == "succeeded")
            let failed = try await web.tell("stripe/refunds/\(two.id)", ["status": "failed"])
            #expect(failed.body["status"] == "failed" && failed.body["failure_reason"]?.string != nil)
            #expect(try await web.balance().available == 6_000)
            #expect(try await web.stripe(.get, charge).body["amount_refunded"] == 4_000)
            #expect(try await web.tell("stripe/refunds/\(two.id)", ["status": "failed"]).status == 400)
        }
    }

    @Test func `the cards of Stripe whose refunds are slow or fail do so by the clock`() async throws {
        try await SandboxWeb.use { web in
            let slow = try await web.paid(with: "pm_card_pendingRefund")
            let bad = try await web.paid(with: "pm_card_refundFail")
            let pending = try await web.stripe(.post, "refunds", [("payment_intent", slow.id)])
            let doomed = try await web.stripe(.post, "refunds", [("payment_intent", bad.id)])
            #expect(pending.body["status"] == "pending" && doomed.body["status"] == "succeeded")
            try await web.advance(3_601)
            #expect(try await web.stripe(.get, "refunds/\(pending.id)").body["status"] == "succeeded")
            #expect(try await web.stripe(.get, "refunds/\(doomed.id)").body["status"] == "failed")
            #expect(try await web.sandbox.eventTypes().contains("refund.failed"))
        }
    }

    @Test func `a hold can be captured in part, or cancelled, by hand`() async throws {
        try await SandboxWeb.use { web in
            let intent = try await web.sandbox.held()
            let captured = try await web.tell(
                "stripe/captures", ["payment_intent": .string(intent.id), "amount": 6_000])
            #expect(captured.body["amount_received"] == 6_000 && captured.body["status"] == "succeeded")
            let other = try await web.sandbox.held()
            let cancelled = try await web.tell("stripe/cancellations", ["payment_intent": .string(other.id)])
            #expect(cancelled.body["status"] == "canceled")
            #expect(try await web.balance().available == 6_000)
        }
    }

    @Test func `a transfer is reversed as long as its account has the money`() async throws {
        try await SandboxWeb.use { web in
            _ = try await web.paid()
            let account = try await web.account()
            let transfer = try await web.transfer(9_000, to: account)
            let path = "transfers/\(transfer.id)/reversals"
            let part = try await web.stripe(.post, path, [("amount", "2000")])
            #expect(part.body["object"] == "transfer_reversal" && part.body["amount"] == 2_000)
            #expect(try await web.stripe(.post, path, [("amount", "7001")]).status == 400)
            #expect(try await web.stripe(.get, "transfers/\(transfer.id)").body["amount_reversed"] == 2_000)
            #expect(try await web.balance().available == 3_000)
            // The owner takes what is left to the bank.
            #expect(try await web.tell("stripe/payouts", ["account": .string(account)]).status == 200)
            let late = try await web.tell("stripe/reversals", ["transfer": .string(transfer.id)])
            #expect(late.status == 400 && late.code == "balance_insufficient")
            #expect(try await web.sandbox.eventTypes().contains("transfer.reversed"))
        }
    }

    @Test func `an account can be restricted, restored, rejected, and taken away`() async throws {
        try await SandboxWeb.use { web in
            _ = try await web.paid()
            let account = try await web.account()
            let path = "stripe/accounts/\(account)"
            let restricted = try await web.tell(path, ["state": "restricted"])
            #expect(restricted.body["capabilities"]?["transfers"] == "inactive")
            #expect(restricted.body["payouts_enabled"] == false && restricted.body["details_submitted"] == true)
            #expect(try await web.transfer(1, to: account).code == "insufficient_capabilities_for_transfer")
            try await web.tell(path, ["state": "active"])
            #expect(try await web.transfer(1, to: account).status == 200)
            let rejected = try await web.tell(path, ["state": "rejected"])
            #expect(rejected.body["requirements"]?["disabled_reason"] == "rejected.fraud")
            try await web.tell(path, ["state": "deauthorized"])
            let gone = try await web.stripe(.get, "accounts/\(account)")
            #expect(gone.status == 403 && gone.code == "account_invalid")
            #expect(try await web.transfer(1, to: account).code == "resource_missing")
            let event = try await web.stripe(.get, "events?limit=1").body["data"]?.array?.first
            #expect(event?["type"] == "account.application.deauthorized")
            #expect(event?["account"] == .string(account) && event?["data"]?["object"]?["object"] == "application")
        }
    }

    @Test func `a bank takes its time, or asks the customer, and answers at last`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("fail", ["target": "stripe", "mode": "processing", "times": 1])
            let slow = try await web.paid()
            #expect(slow.status == 200 && slow.body["status"] == "processing")
            #expect(try await web.stripe(.post, "payment_intents/\(slow.id)/cancel").status == 400)
            #expect(
                try await web.tell("stripe/payment_intents/\(slow.id)", ["bank": "accepts"]).body["status"]
                    == "succeeded")
            let asked = try await web.paid(with: "pm_card_threeDSecure2Required")
            #expect(asked.body["status"] == "requires_action" && asked.body["next_action"]?["type"] != nil)
            let refused = try await web.tell("stripe/payment_intents/\(asked.id)", ["bank": "declines"])
            #expect(refused.body["status"] == "requires_payment_method")
            #expect(refused.body["next_action"] == .null)
            #expect(try await web.balance().available == 10_000)
            #expect(try await web.tell("stripe/payment_intents/\(asked.id)", ["bank": "maybe"]).status == 400)
        }
    }
}
