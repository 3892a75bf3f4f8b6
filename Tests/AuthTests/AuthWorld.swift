import Logging
import Postgres
import ServiceKit
import TestSupport

@testable import AuthService
@testable import SharedModels

/// The whole service on a separate database, with one account, a clock that a test moves and cheap hashes.
struct AuthWorld: Sendable {
    static let cost = PasswordHash.Cost(logarithm: 4, blockSize: 1, parallelism: 1)
    static let email = "ada@example.org"
    static let password = "Analytical-1843"
    static let place = Place(nil)
    static let secret = RotatingSecret(Secret("a secret of at least 32 characters"))

    let database: Database
    let clock: TestClock
    let scheduler: Scheduler
    let peers = FakePeers()
    let readers = FakeReaders()
    /// Signs access tokens.
    let key: SigningKey
    let features: Features
    /// Has ``email`` and ``password``.
    let account: AccountID

    var judge: CredentialWorkflow { features.credentials }
    var tokens: TokenWorkflow { features.tokens }
    var passwords: PasswordWorkflow { features.passwords }
    var links: PasswordLinkWorkflow { features.passwordLinks }
    var registrations: RegistrationWorkflow { features.registrations }
    var google: GoogleWorkflow { features.google }
    var adminUsers: AdminUserWorkflow { features.adminUsers }
    var admins: AdminWorkflow { features.admin }
    var sessions: SessionWorkflow { features.sessions }
    var keys: KeyWorkflow { features.keys }
    var agents: HostedAgentWorkflow { features.hostedAgents }
    var accounts: AccountWorkflow { features.accounts }
    var deletions: DeletionWorkflow { features.deletions }

    /// - Parameter settings: More of them.
    static func use(
        _ clock: TestClock = TestClock(), settings: [String: String] = [:], _ body: (AuthWorld) async throws -> Void
    ) async throws {
        let key = try await SigningKey()
        let hash = try PasswordHash(of: password, cost: cost)
        try await TestKit.use(of: .auth, clock: clock) { kit in
            let account = Account.signingUp(try .named("ada", id: 1), plan: .free, at: clock.now)
            try await kit.database.transaction { tx in
                _ = try await AccountStore().insertIfAbsent(account, in: tx)
                try await PasswordStore().insert(
                    StoredPassword(accountID: account.id, hash: hash), email: email, at: clock.now, in: tx)
            }
            try await body(AuthWorld(kit, account.id, key, settings))
        }
    }

    private init(
        _ kit: TestKit, _ account: AccountID, _ key: SigningKey, _ more: [String: String]
    ) throws {
        (database, clock, scheduler) = (kit.database, kit.clock, kit.scheduler)
        (self.account, self.key) = (account, key)
        let settings = try AuthSettings(
            SettingsReader(
                .auth,
                [
                    "GUILDHALL_ENVIRONMENT": "development", "GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret",
                    // Nobody listens on the discard port.
                    "GITHUB_BASE_URL": "http://127.0.0.1:9", "GITHUB_API_BASE": "http://127.0.0.1:9",
                    "GOOGLE_JWKS_URL": "http://127.0.0.1:9", "RESEND_API_BASE": "http://127.0.0.1:9",
                ].merging(more) { $1 }))
        features = Features(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            http: kit.http, peers: peers, readers: readers, publicURL: "http://localhost",
            clientURL: "https://client.example",
            serviceSecret: Self.secret, signingKeys: [key], hasher: PasswordHasher(cost: Self.cost),
            digests: .ofTests, logger: .quiet)
        // Mails stay in their rows, where a test reads them.
        features.registrations.register(on: kit.scheduler)
        features.passwordLinks.register(on: kit.scheduler)
    }

    @discardableResult
    func signIn(
        _ password: String = AuthWorld.password, as email: String = AuthWorld.email,
        showing shown: ShownSession = .init(), from place: Place = AuthWorld.place
    ) async throws -> TokenPair {
        try await passwords.signIn(
            LoginInput(email: email, password: password), showing: shown, from: place
        ).tokens
    }

    func resolve(_ token: String) async throws -> CredentialResolution {
        try await judge.resolve(CredentialInput(source: .token, secret: token, unspent: 0))
    }

    /// Why a token is refused; `nil` when it is accepted.
    func refusal(of token: String) async throws -> String? { try await resolve(token).refusal }

    /// How many rows a table has.
    func count(_ table: SQL) async throws -> Int {
        try await database.one("SELECT count(*) AS count FROM \(fragment: table)") { try $0.decode("count") }
    }
}
