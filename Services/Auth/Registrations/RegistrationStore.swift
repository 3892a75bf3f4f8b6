import Postgres
import SharedModels

/// Every statement on the table `registrations`.
struct RegistrationStore: Sendable {
    static let columns: SQL = "email, name, user_type, mobile, hash, code_digest, code_expires_at, expires_at"

    /// Adds a registration in place of an earlier one of the address, and deletes those that have expired.
    func replace(_ registration: Registration, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            "DELETE FROM registrations WHERE expires_at <= \(now) AND email <> \(registration.email)")
        try await tx.execute(
            """
            INSERT INTO registrations (email, name, user_type, mobile, hash, code_digest, code_expires_at, guesses,
                                       expires_at)
            VALUES (\(registration.email), \(registration.name), \(registration.userType), \(registration.mobile),
                    \(registration.hash.text), \(registration.codeDigest), \(registration.codeExpiresAt), 0,
                    \(registration.expiresAt))
            ON CONFLICT (email) DO UPDATE
               SET name = excluded.name, user_type = excluded.user_type, mobile = excluded.mobile,
                   hash = excluded.hash, code_digest = excluded.code_digest,
                   code_expires_at = excluded.code_expires_at, guesses = 0, expires_at = excluded.expires_at
            """)
    }

    /// Replaces the code of a registration that has not expired.
    ///
    /// - Returns: Whether there is one.
    func renewCode(
        of email: String, to digest: [UInt8], until end: Timestamp, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            UPDATE registrations SET code_digest = \(digest), code_expires_at = \(end), guesses = 0
             WHERE email = \(email) AND expires_at > \(now)
            """) == 1
    }

    /// Counts a guess before it is compared, so that simultaneous ones cannot exceed the limit.
    ///
    /// - Returns: `nil` without a code, and when it has expired or was guessed too often.
    func guess(_ email: String, at now: Timestamp, in executor: some SQLExecutor) async throws -> Registration? {
        try await executor.first(
            """
            UPDATE registrations SET guesses = guesses + 1
             WHERE email = \(email) AND code_expires_at > \(now) AND guesses < \(OneTimeCode.guesses)
            RETURNING \(fragment: Self.columns)
            """, Registration.init(row:))
    }

    /// Removes a registration whose code was entered, so that the code works once.
    ///
    /// - Returns: Whether it was still there, with the same code.
    func take(_ registration: Registration, in tx: Transaction) async throws -> Bool {
        try await tx.execute(
            """
            DELETE FROM registrations
             WHERE email = \(registration.email) AND code_digest = \(registration.codeDigest)
            """) == 1
    }
}

extension Registration {
    fileprivate init(row: Row) throws {
        guard let hash = PasswordHash(try row.decode("hash", as: String.self)) else { throw UnreadableHash() }
        self.init(
            email: try row.decode("email"), name: try row.decode("name"), userType: try row.decode("user_type"),
            mobile: try row.decodeIfPresent("mobile"), hash: hash, codeDigest: try row.decode("code_digest"),
            codeExpiresAt: try row.decode("code_expires_at"), expiresAt: try row.decode("expires_at"))
    }
}
