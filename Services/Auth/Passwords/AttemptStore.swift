import Postgres
import SharedModels

/// Every statement on the table `password_attempts`.
struct AttemptStore: Sendable {
    /// How many outdated rows one attempt deletes: more than it can add.
    private static let sweep = 10

    /// Counts an attempt before it is made, so that simultaneous guesses cannot exceed the limit.
    ///
    /// - Throws: ``PasswordError/tooManyWrong(retryAfter:)``.
    func reserve(_ subject: AttemptSubject, at now: Timestamp, in executor: some SQLExecutor) async throws
        -> Attempt
    {
        let outdated = now - Attempt.window
        let (began, attempts): (Timestamp, Int) = try await executor.one(
            """
            WITH swept AS (
                DELETE FROM password_attempts WHERE subject_sha256 IN (
                    SELECT subject_sha256 FROM password_attempts
                     WHERE began_at <= \(outdated) AND subject_sha256 <> \(subject.sha256)
                     LIMIT \(Self.sweep) FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO password_attempts AS known (subject_sha256, began_at, attempts)
            VALUES (\(subject.sha256), \(now), 1)
            ON CONFLICT (subject_sha256) DO UPDATE
               SET began_at = CASE WHEN known.began_at <= \(outdated) THEN \(now) ELSE known.began_at END,
                   attempts = CASE WHEN known.began_at <= \(outdated) THEN 1
                                   ELSE least(known.attempts, \(Attempt.limit)) + 1 END
            RETURNING began_at, attempts
            """
        ) { (try $0.decode("began_at"), try $0.decode("attempts")) }
        guard attempts <= Attempt.limit else {
            throw PasswordError.tooManyWrong(retryAfter: began + Attempt.window - now)
        }
        return Attempt(subject: subject, windowBeganAt: began)
    }

    /// The password was right or could not be checked, so the attempt does not count.
    func giveBack(_ attempt: Attempt, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE password_attempts SET attempts = least(attempts, \(Attempt.limit)) - 1
             WHERE subject_sha256 = \(attempt.subject.sha256) AND began_at = \(attempt.windowBeganAt)
               AND attempts > 0
            """)
    }
}
