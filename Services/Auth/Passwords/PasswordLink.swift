import Crypto
import Postgres
import ServiceKit
import SharedModels

/// A mailed link for a new password: 256 random bits, as 64 hexadecimal digits.
struct PasswordLink: Sendable, Equatable {
    static let lifetime = Duration.minutes(15)

    let sha256: [UInt8]
    let accountID: AccountID
    let expiresAt: Timestamp

    /// A new link, and its text.
    static func make(for account: AccountID, at now: Timestamp) -> (link: Self, text: String) {
        let text = SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.encode($0) }
        return (Self(sha256: APIKeyFormat.sha256(text), accountID: account, expiresAt: now + lifetime), text)
    }
}

/// Every statement on the table `password_links`, except that ``DeletionStore`` deletes there too.
struct PasswordLinkStore: Sendable {
    /// Adds a link, and deletes those that have expired.
    func insert(_ link: PasswordLink, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM password_links WHERE expires_at <= \(now)")
        try await tx.execute(
            """
            INSERT INTO password_links (sha256, account_id, expires_at)
            VALUES (\(link.sha256), \(link.accountID), \(link.expiresAt))
            """)
    }

    /// The account of a link that has not expired.
    func find(_ sha256: [UInt8], at now: Timestamp, in executor: some SQLExecutor) async throws -> AccountID? {
        try await executor.first(
            "SELECT account_id FROM password_links WHERE sha256 = \(sha256) AND expires_at > \(now)"
        ) { try $0.decode("account_id") }
    }

    /// Removes every link of an account, so that none works again.
    func deleteAll(of account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM password_links WHERE account_id = \(account)")
    }
}

/// Somebody has asked for a link. Whether there is an account is found out afterwards, so that the answer, and the time
/// until it, tell nothing.
struct MailPasswordLink: ScheduledWork, Equatable {
    static let kind = "auth.password.link"

    let id: ClaimID
    /// In lower case.
    let email: String
    /// What the request asked for. It counts until the account chooses.
    var language: Language?

    var key: String { "\(id)" }
    var payload: JSONValue { ["email": .string(email), "language": language.map { .string($0.rawValue) } ?? .null] }
}

extension MailPasswordLink {
    init(key: String, payload: JSONValue) throws {
        self.init(
            id: try UnreadableWork.read(key, "key"), email: try UnreadableWork.read(payload["email"]?.string, "email"),
            language: payload["language"]?.string.flatMap { Language(rawValue: $0) })
    }
}
