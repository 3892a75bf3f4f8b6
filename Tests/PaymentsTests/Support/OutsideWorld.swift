import Foundation
import Logging
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// Payments on the sandbox's own Stripe, where others move the money, too. Both follow the sandbox's clock.
struct OutsideWorld: Sendable {
    let stripe: OutsideStripe
    let database: Database
    let features: Features
    let scheduler: Scheduler
    let peers = FakePeers()

    var clock: any DomainClock { stripe.clock }
    var escrows: EscrowWorkflow { features.escrows }
    var payees: PayeeWorkflow { features.payees }

    static func use(_ body: (OutsideWorld) async throws -> Void) async throws {
        try await OutsideStripe.serve { stripe in
            try await TestKit.use(of: .payments, timing: PaymentsWorld.timing) {
                try await body(OutsideWorld(stripe, $0))
            }
        }
    }

    private init(_ stripe: OutsideStripe, _ kit: TestKit) throws {
        self.stripe = stripe
        database = kit.database
        scheduler = Scheduler(database: database, clock: stripe.clock, logger: .quiet)
        features = try Features.sample(
            [
                "PLATFORM_FEE_BPS": "500", "ESCROW_FEE_BPS": "1000", "STRIPE_API_BASE": stripe.url + "/stripe",
                "STRIPE_SECRET_KEY": "sk_test_1",
            ], kit, peers: peers, clock: stripe.clock, scheduler: scheduler)
    }

    /// A client pays 7.00 rupees on a page that somebody else made in our account at Stripe.
    func payForeignPage() async throws {
        let made = try await stripe.post(
            "v1/checkout/sessions",
            [
                ("mode", "payment"), ("success_url", "https://evil.example/"), ("line_items[0][quantity]", "1"),
                ("line_items[0][price_data][currency]", "inr"), ("line_items[0][price_data][unit_amount]", "700"),
                ("line_items[0][price_data][product_data][name]", "A logo"),
                ("metadata[checkout_id]", "\(CheckoutID.make(at: .start))"),
            ])
        try await stripe.pay(made.answer["id"]?.string)
        try await hear()
    }

    /// Takes what Stripe tells, and follows it.
    func hear(where isWanted: (String) -> Bool = { _ in true }) async throws {
        for webhook in try await stripe.webhooks() where isWanted(webhook.type) {
            let header = StripeSignature.header(webhook.payload, PaymentsWorld.secret, at: clock.now)
            try await features.webhook.receive(webhook.payload, signature: header, at: clock.now)
            try await features.stripeEvents.handle(webhook.event)
        }
    }

    /// A deal whose payment is held.
    func held(_ deal: Deal = Deal()) async throws -> Deal {
        let intent = try await escrows.fund(deal.milestone, deal.input).paymentIntentID
        try await stripe.confirm(#require(intent))
        try await hear()
        return deal
    }

    /// A deal whose money is in escrow.
    func escrowed(_ deal: Deal = Deal()) async throws -> Deal {
        let deal = try await held(deal)
        try await escrows.captureBeforeLapse(deal.milestone)
        try await hear()
        return deal
    }

    /// A deal whose worker was paid.
    func paid(_ deal: Deal = Deal(payoutDelayDays: 0)) async throws -> Deal {
        let deal = try await escrowed(deal)
        try await onboard(deal.worker)
        _ = try await escrows.release(deal.milestone)
        try await escrows.payOut(deal.milestone)
        try await hear()
        return deal
    }

    func onboard(_ worker: AccountID) async throws {
        _ = try await payees.onboardingLink(for: worker)
        try await stripe.tell("stripe/accounts/\(account(of: worker))", ["state": "active"])
        try await hear()
    }

    func account(of worker: AccountID) async throws -> String {
        try #require(try await payees.payees.find(worker, in: database)?.stripeAccountID)
    }

    func escrow(_ deal: Deal) async throws -> Escrow {
        try #require(try await EscrowStore().find(deal.milestone, in: database))
    }

    func payment(of deal: Deal) async throws -> JSONValue {
        .string(try #require(try await escrow(deal).paymentIntentID))
    }

    func balance(_ account: LedgerAccount) async throws -> Int64 {
        try await Ledger().balance(of: account, in: database)
    }

    /// The admins whom the books name for what moved an account, newest first.
    func admins(of account: LedgerAccount) async throws -> [AccountID?] {
        try await Ledger().page(of: account.id, after: nil, limit: 50, in: database).items.map(\.adminID)
    }

    /// The names of the events about a thing, oldest first, each once, wherever it goes.
    func announced(of uuid: UUID) async throws -> [String] {
        try await database.all(
            "SELECT name FROM outbox WHERE aggregate = \(uuid) GROUP BY sequence, name ORDER BY sequence, name"
        ) {
            try $0.decode("name")
        }
    }

    func openCases() async throws -> [CaseKind] {
        try await features.cases.page(isOpen: true, after: nil, limit: 50).items.map(\.kind)
    }

    func onlyCase() async throws -> EscrowCase {
        let cases = try await features.cases.page(isOpen: true, after: nil, limit: 50).items
        try #require(cases.count == 1)
        return cases[0]
    }

    func newestRefund() async throws -> String {
        try #require(try await stripe.list("refunds").first?["id"]?.string)
    }

    /// Money that was on its way back to a card comes back to us.
    func fail(refund: String) async throws {
        try await stripe.tell("stripe/refunds/\(refund)", ["status": "failed"])
        try await hear()
    }

    func isScheduled(_ kind: String, _ key: String) async throws -> Bool {
        try await database.one(
            "SELECT EXISTS (SELECT FROM scheduled WHERE kind = \(kind) AND key = \(key)) AS there"
        ) { try $0.decode("there") }
    }

    /// Our books say of Stripe's money what Stripe says.
    func expectAgreement() async throws {
        #expect(try await balance(.provider(.usd)) + stripe.balance() == 0)
        #expect(try await balance(.provider(.inr)) + stripe.balance("inr") == 0)
    }
}
