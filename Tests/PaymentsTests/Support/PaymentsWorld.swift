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

    private let kit: TestKit
    let stripe: FakeStripe
    let features: Features

    var database: Database { kit.database }
    var clock: TestClock { kit.clock }
    var scheduler: Scheduler { kit.scheduler }
    var http: OutboundHTTP { kit.http }
    var escrows: EscrowWorkflow { features.escrows }
    var payees: PayeeWorkflow { features.payees }
    var payers: PayerWorkflow { features.payers }
    var arbitration: ArbitrationWorkflow { features.arbitration }
    var webhook: StripeWebhook { features.webhook }
    var events: StripeEventHandler { features.stripeEvents }

    /// Retries come at once, because the tests are about their results.
    static let timing = OutboundTiming(sleep: { _ in })

    /// Builds a world, runs `body` in it, and tears it down.
    static func with(_ body: @Sendable @escaping (PaymentsWorld) async throws -> Void) async throws {
        try await FakeStripe.serve { stripe in
            try await TestKit.use(of: .payments, timing: timing) { try await body(PaymentsWorld($0, stripe)) }
        }
    }

    /// Runs `body` in a world on a database and a Stripe that are there before it and stay after it.
    static func on<Result>(
        _ database: Database, _ stripe: FakeStripe, clock: TestClock, _ body: (PaymentsWorld) async throws -> Result
    ) async throws -> Result {
        try await TestKit.use(on: database, clock: clock, timing: timing) {
            try await body(PaymentsWorld($0, stripe))
        }
    }

    private init(_ kit: TestKit, _ stripe: FakeStripe) throws {
        (self.kit, self.stripe) = (kit, stripe)
        features = try Features.sample(
            [
                "PLATFORM_FEE_BPS": "\(Self.basisPoints)", "STRIPE_API_BASE": stripe.url,
                "STRIPE_SECRET_KEY": "sk_test",
            ], kit, peers: FakePeers(), clock: kit.clock, scheduler: kit.scheduler)
    }
}

extension Features {
    /// The service with `settings` and those that every test has.
    static func sample(
        _ settings: [String: String], _ kit: TestKit, peers: FakePeers, clock: any DomainClock, scheduler: Scheduler
    ) throws -> Features {
        let every = [
            "GUILDHALL_ENVIRONMENT": "development", "STRIPE_WEBHOOK_SECRET": PaymentsWorld.secret.reveal(),
        ]
        return Features(
            try PaymentsSettings(SettingsReader(.payments, every.merging(settings) { _, own in own })),
            database: kit.database, clock: clock, outbox: Outbox(database: kit.database, clock: clock),
            scheduler: scheduler, http: kit.http, peers: peers, clientURL: "https://client.example",
            secret: RotatingSecret(Secret("a secret of 32 characters or more")), logger: .quiet)
    }
}

/// A deal for moving money.
struct Deal: Sendable {
    let milestone: MilestoneID
    let worker: AccountID
    let input: EscrowInput

    init(
        amount: Int64 = 10_001, payoutDelayDays: Int = 3, of client: AccountID? = nil, to worker: AccountID? = nil
    ) {
        let now = Timestamp(seconds: 1_767_225_600)
        let worker = worker ?? .make(at: now)
        milestone = .make(at: now)
        self.worker = worker
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
    func breakBooks() async throws { try await database.breakMoves(of: "escrows") }
    func mendBooks() async throws { try await database.mendMoves(of: "escrows") }
}

extension Database {
    /// Makes every end of a move of `table` fail: the process cannot store what came of it.
    func breakMoves(of table: String) async throws {
        try await execute(
            """
            CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.moving IS NULL THEN RAISE EXCEPTION 'broken'; END IF;
                RETURN NEW;
            END $$
            """)
        try await execute(
            """
            CREATE TRIGGER broken BEFORE UPDATE ON \(identifier: table) FOR EACH ROW EXECUTE FUNCTION broken()
            """)
    }

    func mendMoves(of table: String) async throws {
        try await execute("DROP TRIGGER broken ON \(identifier: table)")
        try await execute("DROP FUNCTION broken")
    }
}
