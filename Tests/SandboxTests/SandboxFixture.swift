import Foundation
import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import SandboxService

/// The sandbox's Stripe on a separate database.
struct SandboxFixture: Sendable {
    let database: Database
    let clock: SandboxClock
    let faults: FaultStore
    let store = StripeObjectStore()
    let stripe: StripeSandbox
    var intents: PaymentIntents { stripe.parts.intents }
    var deadlines: StripeDeadlines { stripe.parts.deadlines }
    var sender: WebhookSender { stripe.sender }

    static func use(_ body: (SandboxFixture) async throws -> Void) async throws {
        try await TestDatabase.use(of: .sandbox) { try await body(SandboxFixture($0)) }
    }

    private init(_ database: Database) {
        self.database = database
        clock = SandboxClock(database: database)
        faults = FaultStore(database: database)
        stripe = StripeSandbox(
            database: database, clock: clock, faults: faults, http: OutboundHTTP(logger: .quiet),
            base: "http://sandbox", webhookURL: "http://127.0.0.1:1/webhook",
            signature: WebhookSignature(secrets: [Secret("whsec_test")]), logger: .quiet)
    }

    /// Runs a transaction, at the sandbox's time.
    @discardableResult
    func work<Result: Sendable>(_ body: (StripeWork) async throws -> Result) async throws -> Result {
        try await database.transaction { tx in try await body(StripeWork(tx: tx, now: clock.now)) }
    }

    /// A payment of 100 usd that is authorized and not captured.
    func held() async throws -> StripeObject {
        try await work { work in
            guard let card = TestCard.find("pm_card_visa") else { throw StripeError.failed }
            let intent = try await intents.create(
                amount: 10_000, currency: "usd", captureMethod: .manual, card: nil, details: [], work)
            return try await intents.confirm(intent, PresentedCard(card: card), work).intent
        }
    }

    /// The platform's balance in usd, in cents.
    func balance() async throws -> Int64 {
        let balance = try await BalanceStore().json(of: BalanceStore.platform, in: database)
        return balance["available"]?.array?.first { $0["currency"] == "usd" }?["amount"]?.integer ?? 0
    }

    /// The types of all events, oldest first.
    func eventTypes() async throws -> [String] {
        try await store.findBodies(.event, in: database).compactMap { $0["type"]?.string }
    }
}
