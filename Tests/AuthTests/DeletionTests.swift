import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import Synchronization
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: an account ends whole or not at all, never with something open, and its person can
/// come back as somebody new.
@Suite struct DeletionTests {
    private let clock = TestClock()
    private let blocker = DeletionBlocker(
        .money, of: .make(at: Timestamp(seconds: 0)), in: .make(at: Timestamp(seconds: 0)))

    /// Contracts and payments, as far as auth asks them.
    private final class FakePeers: DeletionPeers {
        struct State {
            var deals: [DeletionBlocker] = []
            var money: [DeletionBlocker] = []
            /// Thrown by payments.
            var outage: (any Error)?
            var isKeptOut = false
        }

        private let state = Mutex(State())
        func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
        var current: State { state.withLock { $0 } }

        func depart(_: AccountID) async throws -> [DeletionBlocker] {
            state.withLock { state in
                state.isKeptOut = state.deals.isEmpty
                return state.deals
            }
        }

        func stay(_: AccountID) async throws { state.withLock { $0.isKeptOut = false } }

        func openMoney(of _: AccountID) async throws -> [DeletionBlocker] {
            try state.withLock { state in
                if let outage = state.outage { throw outage }
                return state.money
            }
        }
    }

    private struct World {
        let database: Database
        let account: AccountID
        let peers = FakePeers()
        let clock: TestClock

        var workflow: DeletionWorkflow {
            DeletionWorkflow(
                database: database, clock: clock, outbox: Outbox(database: database, clock: clock),
                peers: peers, accounts: AccountStore(), revocations: RevocationStore(), logger: .quiet)
        }
        var keys: KeyWorkflow {
            KeyWorkflow(database: database, clock: clock, keys: KeyStore(), revocations: RevocationStore())
        }
        let judge: CredentialWorkflow

        init(_ database: Database, _ account: AccountID, _ clock: TestClock) async throws {
            (self.database, self.account, self.clock) = (database, account, clock)
            judge = CredentialWorkflow(
                database: database, clock: clock, credentials: CredentialStore(), keys: KeyStore(),
                usage: UsageStore(), tokens: AccessTokens(keys: [try await SigningKey()]))
        }

        func session() async throws -> String {
            let made = Session.make(for: account, at: clock.now)
            try await database.transaction { try await SessionStore().add(made.session, in: $0) }
            return made.text
        }

        func isAccepted(_ secret: String, _ source: CredentialSource) async throws -> Bool {
            try await judge.resolve(CredentialInput(source: source, secret: secret, unspent: 0)).principal
                != nil
        }

        func destinations(of name: InternalEventName) async throws -> [String] {
            try await database.all(
                "SELECT destination FROM outbox WHERE name = \(name.rawValue) ORDER BY destination"
            ) { try $0.decode("destination") }
        }

        /// All that could say whose the account was.
        func words() async throws -> [String] {
            try await database.all(
                """
                SELECT concat_ws(' ', display_name, email, github_username, github_id) AS line FROM accounts
                UNION ALL SELECT name FROM api_keys WHERE name IS NOT NULL
                UNION ALL SELECT name FROM hosted_agents
                """
            ) { try $0.decode("line") }
        }
    }

    private func use(_ body: (World) async throws -> Void) async throws {
        try await AuthDatabase.use(clock) { database, account in
            try await body(World(database, account, clock))
        }
    }

    @Test func `nothing of the account is accepted any more, and nothing says whose it was`() async throws {
        try await use { world in
            let session = try await world.session()
            let agents = HostedAgentWorkflow(
                database: world.database, clock: clock, accounts: AccountStore(), keys: KeyStore(),
                revocations: RevocationStore())
            let agent = try await agents.create(HostedAgentInput(name: "ada's helper"), for: world.account)
            let key = try await world.keys.create(
                APIKeyInput(name: "ada's laptop", hostedAgentID: agent.id), for: world.account)
            #expect(try await world.isAccepted(session, .cookie))
            #expect(try await world.isAccepted(key.key, .token))
            try await world.workflow.delete(world.account, reason: "enough")
            #expect(try await !world.isAccepted(session, .cookie))
            #expect(try await !world.isAccepted(key.key, .token))
            #expect(try await world.words() == ["Deleted account", "Deleted agent"])
            let tombstone: (String?, Timestamp) = try await world.database.one(
                "SELECT reason, deleted_at FROM deleted_accounts WHERE account_id = \(world.account)"
            ) { (try $0.decode("reason"), try $0.decode("deleted_at")) }
            #expect(tombstone == ("enough", clock.now))
            #expect(
                try await world.destinations(of: .accountDeleted)
                    == ["contracts", "jobs", "notifications", "talent"])
        }
    }

    @Test func `no service learns of a deleted account any more`() async throws {
        try await use { world in
            let accounts = AccountWorkflow(
                database: world.database, clock: clock, accounts: AccountStore(),
                revocations: RevocationStore())
            try await world.workflow.delete(world.account, reason: nil)
            let gone = AuthError.accountNotFound(world.account)
            await #expect(throws: gone) { try await accounts.account(world.account) }
            await #expect(throws: gone) { try await accounts.setUserType(.client, of: world.account) }
            await #expect(throws: gone) { try await accounts.setPlan(.pro, of: world.account) }
        }
    }

    @Test func `a key or a session that slips in with the deletion is worth nothing`() async throws {
        try await use { world in
            try await world.workflow.delete(world.account, reason: nil)
            let key = try await world.keys.create(APIKeyInput(), for: world.account)
            let session = try await world.session()
            #expect(try await !world.isAccepted(key.key, .token))
            #expect(try await !world.isAccepted(session, .cookie))
        }
    }

    @Test func `a deleted account's password and access tokens are worth nothing`() async throws {
        try await AuthWorld.use { world in
            let token = try await world.signIn().accessToken
            #expect(try await world.resolve(token).principal != nil)
            let workflow = try await World(world.database, world.account, world.clock).workflow
            try await workflow.delete(world.account, reason: nil)
            #expect(try await world.refusal(of: token) != nil)
            await #expect(throws: AuthError.wrongPassword) { try await world.signIn() }
        }
    }

    @Test func `what is open is named, once, and the account goes on`() async throws {
        try await use { world in
            let payout = DeletionBlocker(
                .payout, of: .make(at: clock.now), in: .make(at: clock.now), payoutAt: clock.now + .days(3))
            let dispute = DeletionBlocker(
                .dispute, of: .make(at: clock.now), in: .make(at: clock.now), disputeID: .make(at: clock.now))
            world.peers.change { state in
                state.deals = [blocker, dispute]
                state.money = [blocker, payout]
            }
            let error = await #expect(throws: AuthError.accountInUse([blocker, dispute, payout])) {
                try await world.workflow.delete(world.account, reason: nil)
            }
            #expect(error?.code == .conflict)
            let paths = [
                "milestones.\(blocker.milestoneID)",
                "disputes.\(try #require(dispute.disputeID))",
                "payouts.\(payout.milestoneID)",
            ]
            #expect(error?.issues.map(\.path) == paths)
            #expect(error?.issues.last?.message.contains("2026-01-04") == true)
            #expect(error?.issues.allSatisfy { $0.message.contains("contract ") } == true)
            #expect(try await world.isAccepted(world.session(), .cookie))
            #expect(try await world.destinations(of: .accountDeleted).isEmpty)
        }
    }

    @Test func `who is not deleted after all is not kept out of its deals`() async throws {
        try await use { world in
            world.peers.change { $0.money = [blocker] }
            await #expect(throws: AuthError.accountInUse([blocker])) {
                try await world.workflow.delete(world.account, reason: nil)
            }
            #expect(!world.peers.current.isKeptOut)
            world.peers.change { $0.outage = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) {
                try await world.workflow.delete(world.account, reason: nil)
            }
            #expect(!world.peers.current.isKeptOut)
            world.peers.change { state in
                state.outage = nil
                state.money = []
            }
            try await world.workflow.delete(world.account, reason: nil)
            #expect(world.peers.current.isKeptOut)
        }
    }

    @Test func `of several deletions at once one counts, and the others find nobody`() async throws {
        try await use { (world) async throws in
            let workflow = world.workflow
            let account = world.account
            let ended = await attempts(4) { try await workflow.delete(account, reason: nil) }
            #expect(ended.successes.count == 1)
            #expect(ended.failures.allSatisfy { $0 as? AuthError == .accountHasEnded })
            #expect(AuthError.accountHasEnded.code == .unauthorized)
            #expect(try await world.destinations(of: .accountDeleted).count == 4)
        }
    }

    @Test func `the same GitHub user makes a new account afterwards`() async throws {
        try await use { world in
            try await world.workflow.delete(world.account, reason: nil)
            let again = Account.signingUp(try .named("ada", id: 1), plan: .free, at: clock.now)
            let isAdded = try await world.database.transaction { try await AccountStore().add(again, in: $0) }
            #expect(isAdded && again.id != world.account)
        }
    }
}
