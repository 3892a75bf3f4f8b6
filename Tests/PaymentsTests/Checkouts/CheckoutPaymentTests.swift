import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a client pays once, what was paid is in escrow for its contract, and what no contract takes is
/// on the card again.
@Suite struct CheckoutPaymentTests {
    @Test func `a client pays on a page, and the money is in escrow`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract()
            world.peers.add(deal.contract)
            let (opened, url) = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            let page = try await world.stripe.get("checkout/sessions/\(opened.sessionID ?? "")")
            #expect(page["url"]?.string == url && page["amount_total"] == 100_000 && page["currency"] == "inr")
            #expect(page["success_url"] == "https://client.example/client/contract/payment-success")
            #expect(page["cancel_url"] == "https://client.example/client/jobs/home?cancelled=true")
            #expect(page["metadata"]?["jobId"]?.string == deal.offer.jobID.objectID)
            #expect(page["metadata"]?["clientId"]?.string == deal.client.objectID)
            #expect(page["metadata"]?["freelancerId"]?.string == deal.freelancer.objectID)

            try await world.stripe.pay(opened.sessionID)
            try await world.hear()
            let paid = try await world.checkout(deal)
            #expect(paid.state == .funded && paid.deal?.contractID == deal.id && paid.deal?.number == "CON12345678")
            #expect(try await world.escrowed(deal) == 100_000)
            #expect(try await world.balance(.revenue(.inr)) == 0)
            #expect(world.peers.contract(deal.id)?.isPaid == true)
            try await world.expectAgreement()
        }
    }

    @Test func `a client who pays before there is a contract gets one`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract()
            _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            #expect(try await world.checkout(deal).quotedContractID == nil)
            try await world.stripe.pay(world.checkout(deal).sessionID)
            try await world.hear()
            let made = try #require(try await world.checkout(deal).deal?.contractID)
            #expect(world.peers.contract(made)?.amount == 100_000)
        }
    }

    @Test func `contracts' refusal reaches the client, and nothing is asked of Stripe`() async throws {
        try await OutsideWorld.use { (world) async throws in
            let deal = PaidContract()
            world.peers.add(deal.contract.with(isPaid: true))
            let refusal = await #expect(throws: PeerRefusal.self) {
                _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            }
            #expect(refusal?.code == .conflict)
            #expect(try await world.all(deal).isEmpty)
            #expect(try await world.stripe.list("checkout/sessions").isEmpty)
        }
    }

    @Test func `what Stripe does not take ends with its refusal, and can be tried again`() async throws {
        try await OutsideWorld.use { (world) async throws in
            let deal = PaidContract(49)
            world.peers.add(deal.contract)
            await #expect(throws: ProviderError.self) {
                _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            }
            #expect(try await world.checkout(deal).state == .ended)
            await #expect(throws: ProviderError.self) {
                _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            }
            #expect(try await world.all(deal).count == 2)
        }
    }

    @Test func `a fault that Stripe has stored does not keep a client from another page`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            try await world.stripe.tell(
                "fail", ["target": "stripe", "path": "/expire", "mode": "stored_error", "times": 1])
            do {
                _ = try await world.checkouts.pay(for: deal.offer, title: "Another logo")
            } catch ProviderError.unavailable {
                // Without an answer the client asks again.
                _ = try await world.checkouts.pay(for: deal.offer, title: "Another logo")
            }
            let pages = try await world.stripe.list("checkout/sessions").map { $0["status"] }
            #expect(pages == ["open", "expired"])
        }
    }

    @Test func `a page that is open is shown again, and one that has ended is not`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let first = try #require(try await world.checkout(deal).sessionID)
            for _ in 0..<2 {
                let (again, url) = try await world.checkouts.pay(for: deal.offer, title: "A logo")
                #expect(again.sessionID == first && url.contains(first))
            }
            #expect(try await world.all(deal).map(\.state) == [.open])
            #expect(try await world.stripe.post("v1/checkout/sessions/\(first)/expire").status == 200)
            let (second, _) = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            #expect(second.sessionID != first)
        }
    }

    @Test func `a page for something else closes the first`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let first = try #require(try await world.checkout(deal).sessionID)
            let (second, _) = try await world.checkouts.pay(for: deal.offer, title: "Another logo")
            #expect(second.sessionID != first)
            #expect(try await world.stripe.get("checkout/sessions/\(first)")["status"] == "expired")
            #expect(try await world.all(deal).map(\.state).sorted { $0.rawValue < $1.rawValue } == [.ended, .open])
            #expect(try await world.stripe.post("checkout/\(first)/pay").status == 400)
        }
    }

    @Test func `many tabs at once leave one page that can be paid`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract()
            world.peers.add(deal.contract)
            let tabs = await attempts(8) { _ in try await world.checkouts.pay(for: deal.offer, title: "A logo") }
            #expect(tabs.failures.isEmpty, "\(tabs.failures)")
            #expect(try await world.all(deal).map(\.state) == [.open])
            // And when each asks for something else.
            _ = await attempts(6) { number in
                try await world.checkouts.pay(for: deal.offer, title: "A logo \(number)")
            }
            #expect(try await world.all(deal).count { $0.state == .open } <= 1)
            var paid = 0
            for page in try await world.all(deal) {
                guard let session = page.sessionID else { continue }
                if try await world.stripe.post("checkout/\(session)/pay").status == 200 { paid += 1 }
            }
            try await world.hear()
            #expect(paid <= 1)
            #expect(try await world.all(deal).count { $0.state == .funded } == paid)
            try await world.expectAgreement()
        }
    }

    @Test func `a page that was paid before it is replaced counts, and no other is made`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            try await world.stripe.pay(world.checkout(deal).sessionID)
            // Its events have not come yet.
            let refusal = await #expect(throws: PeerRefusal.self) {
                _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            }
            #expect(refusal?.code == .conflict)
            #expect(try await world.all(deal).map(\.state) == [.funded])
            try await world.hear()
            try await world.expectAgreement()
        }
    }

    @Test func `events that come twice, late or never change nothing twice`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let session = try #require(try await world.checkout(deal).sessionID)
            try await world.stripe.pay(session)
            for _ in 0..<2 { #expect(try await world.checkouts.lookAt(world.checkout(deal).id) == false) }
            try await world.hear { $0.hasPrefix("checkout.session.") }
            try await world.stripe.tell(
                "stripe/events", ["type": "checkout.session.expired", "object": .string(session)])
            try await world.stripe.tell(
                "stripe/events", ["type": "checkout.session.completed", "object": .string(session)])
            try await world.hear()
            #expect(try await world.checkout(deal).state == .funded)
            #expect(try await world.escrowed(deal) == 100_000)
            try await world.expectAgreement()
        }
    }

    @Test func `a page that expires ends, also when nobody tells`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let checkout = try await world.checkout(deal)
            #expect(try await world.isScheduled(LookAtCheckout.kind, "\(checkout.id)"))
            #expect(try await world.checkouts.lookAt(checkout.id))
            try await world.stripe.post("v1/checkout/sessions/\(checkout.sessionID ?? "")/expire")
            #expect(try await world.checkouts.lookAt(checkout.id) == false)
            #expect(try await world.checkout(deal).state == .ended)
            #expect(try await world.isScheduled(LookAtCheckout.kind, "\(checkout.id)") == false)
        }
    }

    @Test(arguments: ["accepts", "declines"])
    func `a payment that takes days counts when it is there, not when its page is done`(bank: String) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let session = try await world.checkout(deal).sessionID
            try await world.stripe.pay(session, [("delayed", "true")])
            try await world.hear()
            #expect(try await world.checkout(deal).state == .processing)
            #expect(world.peers.contract(deal.id)?.isPaid == false)
            await #expect(throws: CheckoutError.underWay) {
                _ = try await world.checkouts.pay(for: deal.offer, title: "A logo")
            }
            let page = try await world.stripe.get("checkout/sessions/\(session ?? "")")
            try await world.stripe.tell(
                "stripe/payment_intents/\(page["payment_intent"]?.string ?? "")", ["bank": .string(bank)])
            try await world.hear()
            #expect(try await world.checkout(deal).state == (bank == "accepts" ? .funded : .ended))
            try await world.expectAgreement()
        }
    }

    @Test func `a page that others made is no payment, whatever its metadata says`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let made = try await world.stripe.post(
                "v1/checkout/sessions",
                [
                    ("mode", "payment"), ("success_url", "https://evil.example/"), ("line_items[0][quantity]", "1"),
                    ("line_items[0][price_data][currency]", "inr"), ("line_items[0][price_data][unit_amount]", "50"),
                    ("line_items[0][price_data][product_data][name]", "A logo"),
                    ("metadata[checkout_id]", "\(try await world.checkout(deal).id)"),
                    ("metadata[jobId]", deal.offer.jobID.objectID),
                ])
            try await world.stripe.pay(made.answer["id"]?.string)
            try await world.hear()
            #expect(try await world.checkout(deal).state == .open)
            #expect(try await world.openCases() == [.unmatched])
            #expect(try await world.balance(.provider(.inr)) == 0)
        }
    }

    @Test(arguments: [("inr", Int64(100_001)), ("inr", 99_999), ("usd", 100_000)])
    func `another amount or currency than was asked for goes back to the card`(
        currency: String, amount: Int64
    ) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            let checkout = try await world.checkout(deal)
            let session = try #require(
                CheckoutSession([
                    "id": .string(checkout.sessionID ?? ""), "status": "complete", "payment_status": "paid",
                    "amount_total": .integer(amount), "currency": .string(currency), "payment_intent": "pi_other",
                ]))
            let book = world.checkouts.mover.book
            let action = try await world.database.transaction { tx in
                var checkout = try #require(try await book.checkouts.lock(checkout.id, in: tx))
                return try await book.follow(session, &checkout, in: tx)
            }
            #expect(action?.kind == .giveBack && action?.amount?.minorUnits == amount)
            #expect(try await world.checkout(deal).state == .returning)
            #expect(try await world.openCases() == [.otherAmount])
            #expect(world.peers.contract(deal.id)?.isPaid == false)
        }
    }
}
