import Postgres
import SharedModels

extension UserType: PostgresValue {}
extension Plan: PostgresValue {}
extension AccountStatus: PostgresValue {}

/// Statements on the table `accounts`; they never return deleted rows. ``DeletionStore`` and ``CredentialStore`` have
/// statements on it too.
///
/// A transaction that changes several things of an account locks the account first, as a deletion does.
struct AccountStore: Sendable {
    static let columns: SQL = """
        id, user_type, is_admin, is_returning, plan, display_name, email, verified_email, mobile, github_id,
        github_username, github_created_at, github_has_public_work, google_subject, keeps_github_out, keeps_google_out,
        status, version, created_at
        """

    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> Account? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM accounts WHERE id = \(id) AND status <> 'deleted'",
            Account.init(row:))
    }

    /// Whether there is, or was, such an account.
    func hasSeen(_ id: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.first("SELECT id FROM accounts WHERE id = \(id)") {
            try $0.decode("id", as: AccountID.self)
        } != nil
    }

    /// Reads an account and locks its row, so that two requests cannot decide on the same state.
    func lock(_ id: AccountID, in tx: Transaction) async throws -> Account? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM accounts WHERE id = \(id) AND status <> 'deleted' FOR UPDATE
            """,
            Account.init(row:))
    }

    /// Locks the account that is about to get a credential.
    ///
    /// - Throws: ``AccountError/hasEnded``, ``AccountError/blocked``
    @discardableResult
    func lockActive(_ id: AccountID, in tx: Transaction) async throws -> Account {
        guard let account = try await lock(id, in: tx) else { throw AccountError.hasEnded }
        try account.checkMaySignIn()
        return account
    }

    /// The account of a person at a provider, with its row locked.
    func lock(_ identity: ProvenIdentity, in tx: Transaction) async throws -> Account? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM accounts WHERE \(fragment: Self.belongs(to: identity)) FOR UPDATE",
            Account.init(row:))
    }

    func findOwner(_ identity: ProvenIdentity, in executor: some SQLExecutor) async throws -> AccountID? {
        try await executor.first("SELECT id FROM accounts WHERE \(fragment: Self.belongs(to: identity))") {
            try $0.decode("id")
        }
    }

    private static func belongs(to identity: ProvenIdentity) -> SQL {
        switch identity {
        case .gitHub(let user): "github_id = \(user.identity.id)"
        case .google(let person): "google_subject = \(person.subject)"
        }
    }

    /// The account that has proven an address, with its row locked.
    func lock(verifiedEmail: String, in tx: Transaction) async throws -> Account? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM accounts WHERE verified_email = \(verifiedEmail) FOR UPDATE",
            Account.init(row:))
    }

    /// The account that signs in with an address, or else has proven it.
    func findOwner(of email: String, in executor: some SQLExecutor) async throws -> AccountID? {
        try await executor.first(
            """
            SELECT coalesce((SELECT account_id FROM passwords WHERE email = \(email)),
                            (SELECT id FROM accounts WHERE verified_email = \(email))) AS id
            """
        ) { try $0.decodeIfPresent("id", as: AccountID.self) } ?? nil
    }

    /// - Returns: Whether it was added; `false` when an account with the same GitHub or Google identity, or with the
    ///   same proven address, already exists.
    func insertIfAbsent(_ account: Account, in tx: Transaction) async throws -> Bool {
        let added = try await tx.execute(
            """
            INSERT INTO accounts (id, user_type, is_admin, is_returning, plan, display_name, email, verified_email,
                                  mobile, github_id, github_username, github_created_at, github_has_public_work,
                                  google_subject, status, version, created_at, updated_at)
            VALUES (\(account.id), \(account.userType), \(account.isAdmin), \(account.isReturning), \(account.plan),
                    \(account.displayName), \(account.email), \(account.verifiedEmail), \(account.mobile),
                    \(account.gitHub?.id), \(account.gitHub?.username), \(account.gitHub?.standing.createdAt),
                    \(account.gitHub?.standing.hasPublicWork), \(account.googleSubject), \(account.status),
                    \(account.version), \(account.createdAt), \(account.createdAt))
            ON CONFLICT DO NOTHING
            """)
        guard added == 1 else { return false }
        // An empty bucket that was last filled long ago counts as full.
        try await tx.execute(
            """
            INSERT INTO usage (account_id, bucket, refilled_at, minute_started_at, minute_used, day, day_used)
            VALUES (\(account.id), 0, to_timestamp(0), to_timestamp(0), 0, '1970-01-01', 0)
            """)
        return true
    }

    func save(_ account: Account, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE accounts
               SET user_type = \(account.userType), email = \(account.email),
                   is_admin = \(account.isAdmin), plan = \(account.plan),
                   github_id = \(account.gitHub?.id), github_username = \(account.gitHub?.username),
                   github_created_at = \(account.gitHub?.standing.createdAt),
                   github_has_public_work = \(account.gitHub?.standing.hasPublicWork),
                   google_subject = \(account.googleSubject), keeps_github_out = \(account.keepsGitHubOut),
                   keeps_google_out = \(account.keepsGoogleOut), status = \(account.status),
                   version = \(account.version), updated_at = \(now)
             WHERE id = \(account.id)
            """)
    }
}

extension Account {
    init(row: Row) throws {
        let gitHubID: Int64? = try row.decodeIfPresent("github_id")
        self.init(
            id: try row.decode("id"),
            userType: try row.decode("user_type"),
            isAdmin: try row.decode("is_admin"),
            isReturning: try row.decode("is_returning"),
            plan: try row.decode("plan"),
            displayName: try row.decode("display_name"),
            email: try row.decodeIfPresent("email"),
            verifiedEmail: try row.decodeIfPresent("verified_email"),
            mobile: try row.decodeIfPresent("mobile"),
            gitHub: try gitHubID.map { id in
                GitHubIdentity(
                    id: id, username: try row.decode("github_username"),
                    standing: GitHubStanding(
                        createdAt: try row.decode("github_created_at"),
                        hasPublicWork: try row.decode("github_has_public_work")))
            },
            googleSubject: try row.decodeIfPresent("google_subject"),
            keepsGitHubOut: try row.decode("keeps_github_out"),
            keepsGoogleOut: try row.decode("keeps_google_out"),
            status: try row.decode("status"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"))
    }
}
