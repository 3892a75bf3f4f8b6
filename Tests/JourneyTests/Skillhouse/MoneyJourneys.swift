import SharedModels
import Testing

extension Journeys {
    /// Skillhouse's money: a client pays a contract at once, and it ends in wallets.
    @Suite struct SkillhouseMoney {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func paid() async throws -> (hire: PaidHire, admin: Caller) {
            let admin = try await stack.admin().caller
            let hire = try await PaidHire.make(
                by: try await stack.client(), with: try await stack.freelancer(), seenBy: admin)
            return (hire, admin)
        }

        @Test
        func `What a client pays is released to the freelancer's wallet, less the fee`() async throws {
            let (hire, admin) = try await paid()
            let record = try #require(try await hire.record(seenBy: admin))
            #expect(record["amount"] == 1500 && record["platformFee"] == 150 && record["freelancerEarning"] == 1350)
            #expect(record["clientId"]?["_id"]?.string?.utf8.count == 24 && record["transactionType"] == "credit")
            #expect(record["contractId"]?["contractId"]?.string?.hasPrefix("CON") == true)
            let early = try await admin.ask(Endpoints.escrow.release.operation, hire.contractIDs)
            #expect(early.status == 400, "\(early)")
            for status in ["Ongoing", "Completed"] { try await hire.set(status) }
            try await hire.client.session.succeed(
                Endpoints.clientContracts.requestRelease.operation, hire.contractIDs)
            let before = try await admin.succeed(Endpoints.escrow.totalRevenue.operation)["data"]
            let released = try await admin.succeed(Endpoints.escrow.release.operation, hire.contractIDs)
            #expect(released["data"]?["status"] == "released" && released["data"]?["amount"] == 0)
            #expect(released["data"]?["grossAmount"] == 1500)
            #expect(try await admin.ask(Endpoints.escrow.release.operation, hire.contractIDs).status == 400)
            #expect(try await admin.succeed(Endpoints.escrow.totalRevenue.operation)["data"] != before)

            let wallet = try #require(try await hire.wallet(of: hire.freelancer))
            #expect(wallet["balance"] == 1350 && wallet["transactions"]?.array?.count == 1)
            let moves = try await hire.freelancer.session.succeed(
                Endpoints.wallets.transactions.operation, ["walletId": wallet["_id"]?.string ?? ""])
            #expect(moves["count"] == 1 && moves["data"]?.array?.first?["type"] == "credit")
            let sales = try await hire.freelancer.session.succeed(
                Endpoints.wallets.salesReport.operation, ["userId": hire.freelancer.id])
            #expect(sales["data"]?.array?.first?["totalRevenue"] == 1350)
            let report = try await admin.succeed(Endpoints.escrow.salesReport.operation)
            #expect(report["data"]?.array?.last?["totalTransactions"]?.integer ?? 0 >= 1)
            let view = try await hire.freelancer.session.succeed(
                Endpoints.freelancerContracts.get.operation, hire.contractIDs)
            #expect(view["contract"]?["releaseFundStatus"] == "Approved")
            let gone = try await hire.freelancer.session.ask(Endpoints.account.delete.operation)
            #expect(gone.status == 409 && gone.issuePaths == ["wallet"], "\(gone)")

            let owner = ["userId": hire.freelancer.id]
            let tooMuch = try await admin.ask(
                Endpoints.escrow.payWallet.operation, owner, ["amount": 1351, "reference": "NEFT-1"])
            #expect(tooMuch.status == 409, "\(tooMuch)")
            for _ in 1...2 {
                let paid = try await admin.succeed(
                    Endpoints.escrow.payWallet.operation, owner, ["amount": 1350, "reference": "NEFT-1"])
                #expect(paid["data"]?["balance"] == 0)
            }
            try await hire.freelancer.session.succeed(Endpoints.account.delete.operation)
        }

        @Test
        func `A canceled contract's money is divided by its progress`() async throws {
            let (hire, admin) = try await paid()
            try await hire.set("Ongoing")
            let stranger = try await stack.client()
            let refused = try await stranger.session.ask(Endpoints.escrow.refund.operation, hire.refundIDs)
            #expect(refused.status == 403, "\(refused)")
            let refunded = try await hire.client.session.succeed(
                Endpoints.escrow.refund.operation, hire.refundIDs, ["cancelReason": "We found another way."])
            #expect(refunded["data"]?["status"] == "refunded" && refunded["data"]?["clientRefund"] == 810)
            // 1500: fee 150, then 60 % and 40 % of 1350.
            #expect(try await hire.wallet(of: hire.client)?["balance"] == 810)
            #expect(try await hire.wallet(of: hire.freelancer)?["balance"] == 540)
            let again = try await admin.ask(Endpoints.escrow.refund.operation, hire.refundIDs)
            #expect(again.status == 400, "\(again)")
            let view = try await hire.client.session.succeed(
                Endpoints.freelancerContracts.get.operation, hire.contractIDs)
            #expect(view["contract"]?["status"] == "Canceled" && view["contract"]?["canceledBy"] == "Client")
        }

        @Test
        func `Two pages never take two payments, and a wrong price opens none`() async throws {
            let admin = try await stack.admin().caller
            let hire = try await PaidHire.unpaid(
                by: try await stack.client(), with: try await stack.freelancer(), named: admin)
            let pay = Endpoints.checkouts.pay.operation
            for rate in [JSONValue.decimal("1500.001"), "1500", 0, -1, 1499] {
                let answer = try await hire.client.session.ask(
                    pay, ["jobId": hire.job], PaidHire.payment(rate, for: hire.freelancer))
                #expect([400, 409].contains(answer.status), "\(rate): \(answer)")
            }
            let malformed = try await hire.client.session.ask(pay, ["jobId": "nonsense"], hire.payment)
            #expect(malformed.status == 400, "\(malformed)")
            let same = try await Parallel.run(8) {
                try await hire.client.session.succeed(pay, ["jobId": hire.job], hire.payment)["id"]?.string
            }
            #expect(same.allSatisfy { $0 == hire.session })
            let second = try await hire.client.session.succeed(
                pay, ["jobId": hire.job], PaidHire.payment(1500, for: hire.freelancer, "Another title"))
            #expect(try await stack.payPage(hire.session).status == 400)
            let session = try #require(second["id"]?.string)
            #expect(try await stack.payPage(session).status == 200)
            try await hire.reaches("funded", seenBy: admin)
            let paid = try await hire.client.session.ask(pay, ["jobId": hire.job], hire.payment)
            #expect(paid.status == 409, "\(paid)")
        }

        @Test
        func `A payment for a contract that was canceled meanwhile goes back to the card`() async throws {
            let admin = try await stack.admin().caller
            let hire = try await PaidHire.unpaid(
                by: try await stack.client(), with: try await stack.freelancer(), named: admin)
            try await hire.freelancer.session.succeed(
                Endpoints.clientContracts.cancel.operation, hire.contractIDs, [:])
            #expect(try await stack.payPage(hire.session).status == 200)
            let page = try await stack.provider("checkout_sessions").first { $0["id"]?.string == hire.session }
            let payment = try #require(page?["payment_intent"]?.string)
            _ = try await eventually("the payment is on the card again") {
                try await stack.provider("refunds").first { $0["payment_intent"]?.string == payment }
            }
            #expect(try await hire.wallet(of: hire.client)?["balance"] == 0)
        }
    }
}
