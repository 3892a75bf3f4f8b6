import Crypto
import Foundation
import HTTPTypes
import Postgres
import SharedModels

/// Keeps a repeat with the same `Idempotency-Key` from having a second effect.
///
/// There is one row per caller and key. It is claimed before the work, and the answer is stored in the transaction of
/// the effect. When a process died, its claim is taken over after ``lease``.
struct Idempotency: Sendable {
    /// How long an answer is kept for repeats.
    static let retention = Duration.hours(24)
    /// How long a claim without an answer keeps repeats out. Longer than any request lasts.
    static let lease = Duration.seconds(60)

    static let migration = (
        name: "9101_kit_idempotency.sql",
        sql: """
        -- Answers under an Idempotency-Key, so that a retry replays instead of repeating.
        CREATE TABLE idempotency_keys (
            caller      uuid        NOT NULL,
            key         text        NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
            fingerprint bytea       NOT NULL,
            claim       uuid        NOT NULL,
            claimed_at  timestamptz NOT NULL,
            status      int,
            headers     text[],
            body        bytea,
            PRIMARY KEY (caller, key),
            CONSTRAINT answered_whole CHECK ((status IS NULL) = (body IS NULL))
        );
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (claimed_at);
        """
    )

    let database: Database
    let clock: any DomainClock
    /// An answer can show a secret once, such as a new API key, so answers are stored sealed.
    private let seal: Seal

    init(database: Database, clock: any DomainClock, secret: RotatingSecret) {
        self.database = database
        self.clock = clock
        seal = Seal(.idempotencyAnswers, of: secret)
    }

    struct Key: Sendable {
        let caller: AccountID
        let text: String
        /// Made by ``RequestFingerprint``.
        let fingerprint: [UInt8]
        /// Tells this request's claim from that of a later request.
        let claim: ClaimID

        /// What the answer is sealed for, so that it opens only in the row of this key.
        fileprivate var place: String { "\(caller) \(text)" }
    }

    /// The key that a request carries.
    ///
    /// An answer that holds a secret belongs to the credential that asked for it, not to the whole account.
    ///
    /// - Returns: `nil` when the request carries no key.
    /// - Throws: 400 for several keys, and for a key with anything but visible ASCII and spaces. Header text is decoded
    ///   with loss, and the lost part might be all that distinguishes two keys.
    func key(
        of head: RequestHead, _ operation: SharedModels.Operation, by caller: Principal, _ request: PreparedRequest
    ) throws -> Key? {
        let given = head.headers[values: .idempotencyKey]
        guard let text = given.first else { return nil }
        guard given.count == 1 else { throw Refusal.validation("Idempotency-Key", "must be there once") }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Refusal.validation("Idempotency-Key", "must have 1 to 255 characters of visible ASCII and spaces")
        }
        return Key(
            caller: caller.accountID,
            text: operation.answersSecret ? Self.ownKey(text, of: caller.credentialID) : text,
            fingerprint: RequestFingerprint.of(head, operation, request),
            claim: .make(at: clock.now))
    }

    /// The key for one credential. It begins with a character that no caller's key can have, so that the two never
    /// collide.
    private static func ownKey(_ text: String, of credential: String) -> String {
        "\u{1}" + Base64.encode(SHA256.hash(data: Array("\(credential)\n\(text)".utf8)))
    }

    /// - Returns: The stored answer, or `nil` when the caller must do the work.
    /// - Throws: 422 when the key belongs to a different request, 409 while that request is under way or when its
    ///   answer cannot be shown any more.
    func claim(_ key: Key) async throws -> Answer? {
        let now = clock.now
        let claimed = try await database.execute(
            """
            INSERT INTO idempotency_keys (caller, key, fingerprint, claim, claimed_at)
            VALUES (\(key.caller), \(key.text), \(key.fingerprint), \(key.claim), \(now))
            ON CONFLICT (caller, key) DO UPDATE
               SET fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_at = excluded.claimed_at,
                   status = NULL, headers = NULL, body = NULL
             WHERE idempotency_keys.claimed_at < \(now - Self.retention)
                OR (idempotency_keys.status IS NULL AND idempotency_keys.claimed_at < \(now - Self.lease)
                    AND idempotency_keys.fingerprint = excluded.fingerprint)
            """
        )
        if claimed == 1 { return nil }
        let row: (fingerprint: [UInt8], sealed: Answer?)? = try await database.first(
            """
            SELECT fingerprint, status, headers, body FROM idempotency_keys
             WHERE caller = \(key.caller) AND key = \(key.text)
            """
        ) { row in (try row.decode("fingerprint"), try Answer(sealedIn: row)) }
        guard let row else { return try await claim(key) }
        guard constantTimeEqual(row.fingerprint, key.fingerprint) else {
            throw Refusal(.idempotencyMismatch, "This Idempotency-Key was used for another request.")
        }
        guard let sealed = row.sealed else {
            throw Refusal(
                .conflict, "A request with this Idempotency-Key is still under way.",
                suggestion: "Send the same request again in a moment: it shows the answer of the first.")
        }
        return try opened(sealed, for: key)
    }

    /// Stores the answer, in the transaction of the effect when there is one.
    ///
    /// - Throws: 409 when another process took the claim over in the meantime. The effect must not commit then.
    func store(_ answer: Answer, for key: Key, in executor: some SQLExecutor) async throws {
        let lines = answer.headers.map { "\($0.name): \($0.value)" }
        let sealed = try seal.close(answer.body, for: key.place)
        let stored = try await executor.execute(
            """
            UPDATE idempotency_keys SET status = \(answer.status), headers = \(lines), body = \(sealed)
             WHERE caller = \(key.caller) AND key = \(key.text) AND claim = \(key.claim)
            """
        )
        guard stored == 1 else { throw Refusal.conflict("Another request with this Idempotency-Key took over.") }
    }

    /// Schedules ``prune()`` every hour.
    func register(on scheduler: Scheduler) {
        scheduler.every(.hours(1), "kit.idempotency.prune") { try await prune() }
    }

    /// Deletes keys older than ``retention``.
    func prune() async throws {
        let moment = clock.now - Self.retention
        try await database.deleteInBatches { limit in
            """
            DELETE FROM idempotency_keys
             WHERE (caller, key) IN (
                SELECT caller, key FROM idempotency_keys WHERE claimed_at < \(moment) LIMIT \(limit))
            """
        }
    }

    /// Frees the key, so that a repeat is a new request: after a refusal, because nothing was done, and after a
    /// 202, because it is not the last word.
    func release(_ key: Key, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            DELETE FROM idempotency_keys
             WHERE caller = \(key.caller) AND key = \(key.text) AND claim = \(key.claim) AND status IS NULL
            """
        )
    }
}

extension Idempotency {
    /// - Throws: 409 when the answer was sealed with another secret. The work is not done again, and the answer cannot
    ///   be shown.
    private func opened(_ sealed: Answer, for key: Key) throws -> Answer {
        var answer = sealed
        do {
            answer.body = try seal.open(sealed.body, for: key.place)
        } catch {
            throw Refusal(
                .conflict, "This Idempotency-Key was answered before; that answer cannot be shown any more.",
                logDetail: "sealed under another SERVICE_SECRET")
        }
        return answer
    }
}

extension Answer {
    /// An answer whose body is sealed; `nil` while the request is under way.
    fileprivate init?(sealedIn row: Row) throws {
        guard let status: Int = try row.decode("status") else { return nil }
        let lines: [String] = try row.decode("headers")
        self.init(
            status: status,
            headers: lines.compactMap { line in
                let name = line.utf8.prefix { $0 != UInt8(ascii: ":") }
                guard name.endIndex < line.endIndex else { return nil }
                let value = line.utf8[name.endIndex...].dropFirst().trimmingBlanks
                return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
            },
            body: try row.decode("body"))
    }
}
