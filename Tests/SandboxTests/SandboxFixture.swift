import Foundation
import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import SandboxService

/// The sandbox's Stripe on a database of its own.
struct SandboxFixture: Sendable {
    let database: Database
    let clock: SandboxClock
    let faults: FaultStore
    let store = StripeObjectStore()
    let intents: PaymentIntents
    let deadlines: StripeDeadlines
    let sender: WebhookSender

    static func use(_ body: (SandboxFixture) async throws -> Void) async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Services/Sandbox/Migrations")
        try await TestDatabase.use(migrations: Migrator(directory: folder)) { database in
            try await body(SandboxFixture(database))
        }
    }

    private init(_ database: Database) {
        self.database = database
        clock = SandboxClock(database: database)
        faults = FaultStore(database: database)
        let events = StripeEvents(store: store)
        intents = PaymentIntents(store: store, events: events, charges: Charges(store: store, events: events))
        deadlines = StripeDeadlines(
            store: store, intents: intents,
            sessions: CheckoutSessions(store: store, events: events, intents: intents, base: "http://sandbox")
        )
        sender = WebhookSender(
            database: database, clock: clock, http: OutboundHTTP(logger: .quiet),
            url: "http://127.0.0.1:1/webhook",
            signature: WebhookSignature(secrets: [Secret("whsec_test")]), wakeUp: WakeUp(), logger: .quiet)
    }

    /// Does something in a transaction, at the sandbox's time.
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
            return try await intents.confirm(intent, card, decline: nil, work).intent
        }
    }

    /// The platform's balance in usd, in cents.
    func balance() async throws -> Int64 {
        let balance = try await BalanceStore().json(of: BalanceStore.platform, in: database)
        return balance["available"]?.array?.first { $0["currency"] == "usd" }?["amount"]?.integer ?? 0
    }

    /// The types of all events, oldest first.
    func eventTypes() async throws -> [String] {
        try await store.all(.event, in: database).compactMap { $0["type"]?.string }
    }
}
