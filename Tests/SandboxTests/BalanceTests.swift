import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: money counts when Stripe says so, and every cent of the balance has its transaction.
@Suite struct BalanceTests {
    @Test func `money of a charge is pending for the delay, then available`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["balance_delay_seconds": 172_800])
            let payment = try await web.paid()
            #expect(try await web.balance() == .init(available: 0, pending: 10_000))
            let account = try await web.account()
            #expect(try await web.transfer(9_500, to: account).code == "balance_insufficient")
            // From the charge itself it goes at once, and leaves the balance when the charge's money comes.
            let charge = payment.body["latest_charge"]?.string
            let transfer = try await web.transfer(9_500, to: account, from: charge)
            #expect(transfer.body["source_transaction"]?.string == charge)
            #expect(try await web.balance() == .init(available: 0, pending: 500))
            #expect(
                try await web.transfer(501, to: account, from: charge).code
                    == "transfer_source_balance_parameters_mismatch")
            try await web.advance(172_801)
            #expect(try await web.balance() == .init(available: 500, pending: 0))
            let immediate = try await web.paid(with: "pm_card_bypassPending")
            #expect(immediate.status == 200)
            #expect(try await web.balance() == .init(available: 10_500, pending: 0))
        }
    }

    @Test func `money is available as soon as its day has come, while holds and pages wait for the services`()
        async throws
    {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["balance_delay_seconds": 172_800])
            _ = try await web.paid()
            let account = try await web.account()
            _ = try await web.sandbox.clock.advance(seconds: 172_790)
            #expect(try await web.transfer(9_500, to: account).code == "balance_insufficient")
            _ = try await web.sandbox.clock.advance(seconds: 11)
            #expect(try await web.transfer(9_500, to: account).status == 200)
            #expect(try await web.balance() == .init(available: 500, pending: 0))
        }
    }

    @Test func `Stripe's fees are in the balance transactions, which sum to the balance`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["fee_basis_points": 290, "fee_fixed_minor": 30])
            let payment = try await web.paid()
            let charge = try await web.stripe(
                .get, "charges/\(payment.body["latest_charge"]?.string ?? "")?expand%5B%5D=balance_transaction")
            let income = charge.body["balance_transaction"]
            #expect(income?["fee"] == 320 && income?["net"] == 9_680 && income?["type"] == "charge")
            _ = try await web.stripe(.post, "refunds", [("payment_intent", payment.id), ("amount", "1000")])
            let all = try await web.stripe(.get, "balance_transactions?limit=100").body["data"]?.array ?? []
            #expect(all.compactMap { $0["net"]?.integer }.reduce(0, +) == 8_680)
            #expect(try await web.balance().available == 8_680)
        }
    }

    @Test func `rupees are converted on arrival where the account keeps dollars alone`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["inr_in_usd_millionths": 11_834, "fee_basis_points": 200])
            let payment = try await web.stripe(
                .post, "payment_intents",
                [("amount", "100000"), ("currency", "inr"), ("payment_method", "pm_card_visa"), ("confirm", "true")])
            #expect(payment.body["currency"] == "inr" && payment.body["amount_received"] == 100_000)
            let income = try await web.stripe(.get, "balance_transactions?expand%5B%5D=data.source").body["data"]?
                .array?
                .first
            #expect(income?["currency"] == "usd" && income?["amount"] == 1_183 && income?["fee"] == 24)
            #expect(income?["exchange_rate"]?.isNull == false)
            #expect(income?["source"]?["currency"] == "inr" && income?["source"]?["amount_captured"] == 100_000)
            #expect(try await web.balance().available == 1_159)
        }
    }

    @Test func `payouts take all there is, by hand or every day`() async throws {
        try await SandboxWeb.use { web in
            _ = try await web.paid()
            func interval() async throws -> JSONValue? {
                try await web.stripe(.get, "account").body["settings"]?["payouts"]?["schedule"]?["interval"]
            }
            #expect(try await interval() == "manual")
            #expect(try await web.tell("stripe/payouts", .object([])).body.array?.count == 1)
            #expect(try await web.balance().available == 0)
            // The bank sends it back, once.
            let payout = try await web.stripe(.get, "payouts").body["data"]?.array?.first?["id"]?.string ?? ""
            let failed = try await web.tell("stripe/payouts/\(payout)", ["status": "failed"])
            #expect(failed.body["status"] == "failed" && failed.body["failure_balance_transaction"]?.isNull == false)
            #expect(try await web.balance().available == 10_000)
            #expect(try await web.tell("stripe/payouts/\(payout)", ["status": "failed"]).status == 400)
            #expect(try await web.tell("stripe/payouts", .object([])).body.array?.count == 1)
            _ = try await web.paid()
            try await web.tell("stripe/settings", ["payouts": "daily"])
            #expect(try await interval() == "daily")
            #expect(try await web.balance().available == 10_000)
            try await web.advance(86_401)
            #expect(try await web.balance().available == 0)
            #expect(try await web.stripe(.get, "payouts").body["data"]?.array?.count == 3)
        }
    }

    @Test func `a bad setting is refused by name and changes nothing`() async throws {
        try await SandboxWeb.use { (web) async throws in
            for bad: JSONValue in [["payouts": "weekly"], ["balance_delay_seconds": -1], ["fees": 3]] {
                #expect(try await web.tell("stripe/settings", bad).status == 400)
            }
            #expect(try await web.sandbox.work { try await StripeSettingsStore().find(in: $0.tx) } == StripeSettings())
        }
    }

    @Test func `a reset makes everything usual again`() async throws {
        try await SandboxWeb.use { web in
            try await web.tell("stripe/settings", ["payouts": "daily", "refunds": "pending"])
            try await web.tell("stripe/deliveries", ["mode": "dropped", "times": 5])
            try await web.tell("reset", .object([]))
            #expect(try await web.sandbox.work { try await StripeSettingsStore().find(in: $0.tx) } == StripeSettings())
            _ = try await web.paid()
            #expect(try await web.sandbox.sender.deliveries.count(in: web.sandbox.database) == 3)
        }
    }
}
