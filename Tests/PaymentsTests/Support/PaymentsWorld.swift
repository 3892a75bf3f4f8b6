import Foundation
import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// Payments on a real PostgreSQL and a fake Stripe, with a clock that a test moves.
struct PaymentsWorld: Sendable {
    static let basisPoints = 500
    static let secret = Secret("whsec_test")

    let database: Database
    let stripe: FakeStripe
    let clock: TestClock
    let scheduler: Scheduler
    let escrows: EscrowWorkflow
    let payees: PayeeWorkflow
    let payers: PayerWorkflow
    let arbitration: ArbitrationWorkflow
    let webhook: StripeWebhook
    let events: StripeEventHandler
    let features: Features
    let http: OutboundHTTP

    /// Builds a world, runs `body` in it, and tears it down.
    static func with(_ body: @Sendable @escaping (PaymentsWorld) async throws -> Void) async throws {
        try await FakeStripe.serve { stripe in
            try await TestDatabase.use(of: .payments) { database in
                let world = try PaymentsWorld(database, stripe)
                do {
                    try await body(world)
                } catch {
                    await world.http.shutdown()
                    throw error
                }
                await world.http.shutdown()
            }
        }
    }

    /// Runs `body` in a world on a database and a Stripe that are there before it and stay after it.
    static func on<Result>(
        _ database: Database, _ stripe: FakeStripe, clock: TestClock, _ body: (PaymentsWorld) async throws -> Result
    ) async throws -> Result {
        let world = try PaymentsWorld(database, stripe, clock: clock)
        do {
            let result = try await body(world)
            await world.http.shutdown()
            return result
        } catch {
            await world.http.shutdown()
            throw error
        }
    }

    private init(_ database: Database, _ stripe: FakeStripe, clock: TestClock = TestClock()) throws {
        self.database = database
        self.stripe = stripe
        self.clock = clock
        // Retries come at once, because the tests are about their results.
        http = OutboundHTTP(
            logger: .quiet, timing: OutboundTiming(sleep: { _ in }), refuseWhen: { Transaction.isOpen })
        scheduler = Scheduler(database: database, clock: clock, logger: .quiet)
        let settings = try PaymentsSettings(
            SettingsReader(
                .payments,
                [
                    "GUILDHALL_ENVIRONMENT": "development", "PLATFORM_FEE_BPS": "\(Self.basisPoints)",
                    "STRIPE_API_BASE": stripe.url, "STRIPE_SECRET_KEY": "sk_test",
                    "STRIPE_WEBHOOK_SECRET": Self.secret.reveal(),
                ]))
        features = Features(
            settings, database: database, clock: clock, outbox: Outbox(database: database, clock: clock),
            scheduler: scheduler, http: http, peers: FakePeers(), clientURL: "https://client.example",
            secret: RotatingSecret(Secret("a secret of 32 characters or more")), logger: .quiet)
        escrows = features.escrows
        payees = features.payees
        payers = features.payers
        arbitration = features.arbitration
        webhook = features.webhook
        events = features.stripeEvents
    }
}

/// A deal for moving money.
struct Deal: Sendable {
    let milestone: MilestoneID
    let worker: AccountID
    let input: EscrowInput

    init(amount: Int64 = 10_001, payoutDelayDays: Int = 3, of client: AccountID? = nil) {
        let now = Timestamp(seconds: 1_767_225_600)
        milestone = .make(at: now)
        worker = .make(at: now)
        input = EscrowInput(
            contractID: .make(at: now), clientUserID: client ?? .make(at: now), workerUserID: worker,
            amountCents: amount,
            payoutDelayDays: payoutDelayDays)
    }

    func with(amount: Int64) -> EscrowInput {
        EscrowInput(
            contractID: input.contractID, clientUserID: input.clientUserID, workerUserID: worker,
            amountCents: amount,
            payoutDelayDays: input.payoutDelayDays)
    }
}

extension PaymentsWorld {
    /// A funded deal: the client has confirmed and the event has come.
    func held(_ deal: Deal = Deal(), with card: String = "pm_1") async throws -> Deal {
        let escrow = try await escrows.fund(deal.milestone, deal.input)
        let intent = try #require(escrow.paymentIntentID)
        stripe.confirm(intent, with: card)
        try await escrows.observe(paymentIntent: intent)
        return deal
    }

    /// The worker finishes onboarding.
    func onboard(_ worker: AccountID) async throws {
        _ = try await payees.onboardingLink(for: worker)
        let account = try #require(try await payees.payees.find(worker, in: database)?.stripeAccountID)
        stripe.finishOnboarding(account)
        try await payees.finishOnboarding(of: account)
    }

    /// The scheduled work on escrows, with other services' answers.
    func schedule(peers: FakePeers) -> EscrowSchedule {
        EscrowSchedule(
            workflow: escrows, checkouts: features.checkouts, payees: payees, reversals: features.reversals,
            sweep: features.sweep, peers: peers,
            clock: clock)
    }

    func escrow(_ deal: Deal) async throws -> Escrow {
        try #require(try await EscrowStore().find(deal.milestone, in: database))
    }

    func balance(_ account: LedgerAccount) async throws -> Int64 {
        try await Ledger().balance(of: account, in: database)
    }

    /// The kinds of work scheduled for `key`, with their times.
    func scheduled(_ key: String) async throws -> [String: Timestamp] {
        let rows: [(String, Timestamp)] = try await database.all(
            "SELECT kind, due_at FROM scheduled WHERE key = \(key)"
        ) {
            (try $0.decode("kind"), try $0.decode("due_at"))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Names of the events written, in order.
    func announced(of uuid: UUID) async throws -> [String] {
        try await database.all("SELECT name FROM outbox WHERE aggregate = \(uuid) ORDER BY sequence") {
            try $0.decode("name")
        }
    }

    /// Makes every save of an escrow fail: the process cannot store the result after the provider has acted.
    func breakBooks() async throws {
        try await database.execute(
            """
            CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.moving IS NULL THEN RAISE EXCEPTION 'broken'; END IF;
                RETURN NEW;
            END $$
            """)
        try await database.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON escrows FOR EACH ROW EXECUTE FUNCTION broken()")
    }

    func mendBooks() async throws {
        try await database.execute("DROP TRIGGER broken ON escrows")
        try await database.execute("DROP FUNCTION broken")
    }
}
