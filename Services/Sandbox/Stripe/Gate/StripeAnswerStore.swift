import Crypto
import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Answers under idempotency keys (https://docs.stripe.com/api/idempotent_requests), and every statement on
/// their table.
///
/// A key commits with its request's effect. A refusal is an answer, too, and so is a 500. Only what was refused
/// before the call began to be carried out is not stored, so that the request can be corrected.
struct StripeAnswerStore: Sendable {
    /// How long an answer is kept for repeats.
    private static let lifetime = Duration.days(1)

    struct Stored: Sendable, Equatable {
        let requestID: String
        let status: Int
        let body: [UInt8]
    }

    /// Takes the key for this transaction.
    ///
    /// - Returns: The stored answer when the same request was answered before.
    /// - Throws: ``StripeError``: 409 while another request holds the key, 400 when the key belongs to
    ///   another request.
    func claim(_ key: String, fingerprint: String, _ work: StripeWork) async throws -> Stored? {
        let isFree = try await work.tx.one("SELECT pg_try_advisory_xact_lock(hashtextextended(\(key), 0))") {
            try $0.bool(at: 0)
        }
        guard isFree else {
            throw StripeError(
                status: 409, kind: .invalidRequest, code: "idempotency_key_in_use",
                message: "There is currently another in-progress request using this Idempotent Key "
                    + "(that probably means you submitted twice, and the other request is still going "
                    + "through): \(key)"
            )
        }
        let stored = try await work.tx.first(
            "SELECT fingerprint, request_id, status, body, answered_at FROM stripe_answers WHERE idempotency_key = \(key)"
        ) { row in
            (
                fingerprint: try row.decode("fingerprint", as: String.self),
                answeredAt: try row.decode("answered_at", as: Timestamp.self),
                answer: Stored(
                    requestID: try row.decode("request_id"), status: try row.decode("status"),
                    body: try row.decode("body"))
            )
        }
        guard let stored else { return nil }
        if stored.answeredAt <= work.now - Self.lifetime {
            try await work.tx.executeLater("DELETE FROM stripe_answers WHERE idempotency_key = \(key)")
            return nil
        }
        guard stored.fingerprint == fingerprint else {
            throw StripeError(
                status: 400, kind: .idempotency,
                message:
                    "Keys for idempotent requests can only be used with the same parameters they were first "
                    + "used with. "
                    + "Try using a key other than '\(key)' if you meant to execute a different request.")
        }
        return stored.answer
    }

    func insert(_ answer: Stored, key: String, fingerprint: String, _ work: StripeWork) async throws {
        try await work.tx.executeLater(
            """
            INSERT INTO stripe_answers (idempotency_key, fingerprint, request_id, status, body, answered_at)
            VALUES (\(key), \(fingerprint), \(answer.requestID), \(answer.status), \(answer.body), \(work.now))
            """)
    }

    /// Forgets the answers that have had their day.
    func prune(_ work: StripeWork) async throws {
        try await work.tx.executeLater("DELETE FROM stripe_answers WHERE answered_at <= \(work.now - Self.lifetime)")
    }

    /// What makes two requests the same: method, path and parameters, in any order.
    static func fingerprint(method: String, path: String, _ parameters: StripeParameters) -> String {
        let text = "\(method) \(path) " + String(decoding: sorted(parameters.json).bytes, as: UTF8.self)
        return Hexadecimal.encode(SHA256.hash(data: Data(text.utf8)))
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(members.sorted { $0.name < $1.name }.map { JSONMember($0.name, sorted($0.value)) })
        case .array(let elements): .array(elements.map(sorted))
        case .null, .bool, .integer, .decimal, .string: value
        }
    }
}
