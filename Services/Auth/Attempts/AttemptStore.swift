import Postgres
import SharedModels

/// Every statement on the table `password_attempts`.
struct AttemptStore: Sendable {
    /// How many outdated rows one attempt deletes: more than it can add.
    private static let sweep = 10

    enum Reservation: Sendable, Equatable {
        case granted(Attempt)
        /// There were too many.
        case refused(retryAfter: Duration)
    }

    /// Counts an attempt before it is made, so that simultaneous ones cannot exceed the limit.
    func reserve(
        _ subject: AttemptSubject, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Reservation {
        let (rule, digest) = (subject.rule, subject.sha256)
        let (end, closure) = (now + rule.window, rule.closure - rule.window)
        let (began, attempts, ends): (Timestamp, Int, Timestamp) = try await executor.one(
            """
            WITH swept AS (
                DELETE FROM password_attempts WHERE subject_sha256 IN (
                    SELECT subject_sha256 FROM password_attempts
                     WHERE ends_at <= \(now) AND subject_sha256 <> \(digest)
                     LIMIT \(Self.sweep) FOR UPDATE SKIP LOCKED)
            )
            INSERT INTO password_attempts AS known (subject_sha256, address_sha256, began_at, attempts, ends_at)
            VALUES (\(digest), \(subject.address.map(AttemptSubject.digest)), \(now), 1, \(end))
            ON CONFLICT (subject_sha256) DO UPDATE
               SET began_at = CASE WHEN known.ends_at <= \(now) THEN \(now) ELSE known.began_at END,
                   attempts = CASE WHEN known.ends_at <= \(now) THEN 1
                                   ELSE least(known.attempts, \(rule.limit)) + 1 END,
                   ends_at = CASE WHEN known.ends_at <= \(now) THEN \(end)
                                  WHEN known.attempts = \(rule.limit)
                                  THEN known.ends_at + \(closure.components.seconds) * interval '1 second'
                                  ELSE known.ends_at END
            RETURNING began_at, attempts, ends_at
            """
        ) { (try $0.decode("began_at"), try $0.decode("attempts"), try $0.decode("ends_at")) }
        guard attempts <= rule.limit else { return .refused(retryAfter: ends - now) }
        return .granted(Attempt(subject: subject, windowBeganAt: began))
    }

    /// How long attempts are refused; `nil` while one is permitted. For what counts only after it failed: then
    /// simultaneous ones can exceed the limit, by their number.
    func closure(
        of subject: AttemptSubject, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Duration? {
        try await executor.first(
            """
            SELECT ends_at FROM password_attempts
             WHERE subject_sha256 = \(subject.sha256) AND ends_at > \(now) AND attempts >= \(subject.rule.limit)
            """
        ) { try $0.decode("ends_at", as: Timestamp.self) - now }
    }

    /// The attempt was a right one, or could not be made, so it does not count.
    func giveBack(_ attempt: Attempt, in executor: some SQLExecutor) async throws {
        let rule = attempt.subject.rule
        try await executor.execute(
            """
            UPDATE password_attempts
               SET attempts = least(attempts, \(rule.limit)) - 1, ends_at = \(attempt.windowBeganAt + rule.window)
             WHERE subject_sha256 = \(attempt.subject.sha256) AND began_at = \(attempt.windowBeganAt)
               AND attempts > 0
            """)
    }

    /// Forgets what is counted under an address.
    func forget(address: String, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            "DELETE FROM password_attempts WHERE address_sha256 = \(AttemptSubject.digest(ofAddress: address))")
    }
}
