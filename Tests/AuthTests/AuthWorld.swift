import Crypto
import Logging
import Postgres
import ServiceKit
import TestSupport

@testable import AuthService
@testable import SharedModels

/// Signing in with a password, on a real PostgreSQL, with a clock that a test moves and cheap hashes.
struct AuthWorld: Sendable {
    static let cost = PasswordHash.Cost(logarithm: 4, blockSize: 1, parallelism: 1)
    static let email = "ada@example.org"
    static let password = "Analytical-1843"

    let database: Database
    let clock: TestClock
    /// Has ``email`` and ``password``.
    let account: AccountID
    let key: SigningKey
    let judge: CredentialWorkflow
    let tokens: TokenWorkflow
    let passwords: PasswordWorkflow
    let admins: AdminWorkflow

    static func use(_ body: (AuthWorld) async throws -> Void) async throws {
        let clock = TestClock()
        let key = try await SigningKey()
        try await AuthDatabase.use(clock) { database, account in
            let world = AuthWorld(database, clock, account, key)
            let hash = try PasswordHash(of: password, cost: cost)
            try await database.transaction { tx in
                try await PasswordStore().insert(
                    StoredPassword(accountID: account, hash: hash), email: email, at: clock.now, in: tx)
            }
            try await body(world)
        }
    }

    private init(_ database: Database, _ clock: TestClock, _ account: AccountID, _ key: SigningKey) {
        (self.database, self.clock, self.account, self.key) = (database, clock, account, key)
        let hasher = PasswordHasher(cost: Self.cost)
        let access = AccessTokens(keys: [key])
        judge = CredentialWorkflow.ofAuth(database, clock, access)
        tokens = TokenWorkflow(
            database: database, clock: clock, accounts: AccountStore(), sessions: SessionStore(),
            refreshTokens: RefreshTokenStore(), revocations: RevocationStore(), tokens: access, judge: judge,
            logger: .quiet)
        passwords = PasswordWorkflow(
            database: database, clock: clock, accounts: AccountStore(), passwords: PasswordStore(),
            attempts: AttemptStore(), hasher: hasher, tokens: tokens)
        admins = AdminWorkflow(
            database: database, clock: clock, outbox: Outbox(database: database, clock: clock),
            accounts: AccountStore(), passwords: PasswordStore(), sessions: SessionStore(),
            revocations: RevocationStore(), hasher: hasher, defaultPlan: .free)
    }

    @discardableResult
    func signIn(
        _ password: String = AuthWorld.password, as email: String = AuthWorld.email,
        showing shown: ShownSession = .init()
    ) async throws -> TokenPair {
        try await passwords.signIn(LoginInput(email: email, password: password), showing: shown).tokens
    }

    func resolve(_ token: String) async throws -> CredentialResolution {
        try await judge.resolve(CredentialInput(source: .token, secret: token, unspent: 0))
    }

    /// Why a token is refused; `nil` when it is accepted.
    func refusal(of token: String) async throws -> String? { try await resolve(token).refusal }
}

extension CredentialWorkflow {
    /// With the same verifiers as auth.
    static func ofAuth(_ database: Database, _ clock: TestClock, _ tokens: AccessTokens) -> Self {
        Self(verifiers: [
            SessionVerifier(database: database, clock: clock), KeyVerifier(database: database, clock: clock),
            AccessTokenVerifier(database: database, clock: clock, tokens: tokens),
        ])
    }
}
