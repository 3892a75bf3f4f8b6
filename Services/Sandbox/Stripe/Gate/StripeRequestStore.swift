import Postgres
import ServiceKit
import SharedModels

/// A call of Stripe's API as it came in, and how it was answered.
struct StripeRequest: Sendable {
    let position: Int64
    let method: String
    /// As Stripe writes it: `/v1/refunds`.
    let path: String
    /// The query, or the form in the body.
    let parameters: String
    let version: String?
    let account: String?
    let idempotencyKey: String?
    let mediaType: String?
    let status: Int

    var json: JSONValue {
        [
            "position": .integer(position), "method": .string(method), "path": .string(path),
            "parameters": .string(parameters), "status": .integer(Int64(status)),
            "headers": [
                "Stripe-Version": JSONValue(version), "Stripe-Account": JSONValue(account),
                "Idempotency-Key": JSONValue(idempotencyKey), "Content-Type": JSONValue(mediaType),
            ],
        ]
    }
}

/// Every statement on the table `stripe_requests`.
struct StripeRequestStore: Sendable {
    /// How many are kept: the newest.
    private static let most: Int64 = 200_000
    private static let longestText = 20_000
    static let pageSize: Int64 = 5000

    func insert(_ request: RawRequest, status: Int, in executor: some SQLExecutor) async throws {
        let areInQuery = request.method == .get || request.method == .delete
        let parameters =
            areInQuery ? request.rawQuery : String(decoding: request.body.prefix(Self.longestText), as: UTF8.self)
        try await executor.executeLater(
            """
            INSERT INTO stripe_requests
                   (method, path, parameters, stripe_version, stripe_account, idempotency_key, media_type, status)
            VALUES (\(request.method.rawValue), \(String(request.path.dropFirst("/stripe".count))),
                    \(parameters.replacing("\0", with: "")), \(request.header("stripe-version")),
                    \(request.header("stripe-account")), \(request.header("idempotency-key")), \(request.mediaType),
                    \(status))
            """)
    }

    /// Forgets the oldest.
    func prune(in tx: Transaction) async throws {
        try await tx.executeLater(
            "DELETE FROM stripe_requests WHERE position <= (SELECT max(position) FROM stripe_requests) - \(Self.most)")
    }

    /// Those after a position, oldest first.
    func page(after position: Int64, in tx: Transaction) async throws -> [StripeRequest] {
        // Waits for calls that have their position and are not committed, so that the next page does not begin behind them.
        try await tx.executeLater("LOCK TABLE stripe_requests IN SHARE MODE")
        return try await tx.all(
            """
            SELECT position, method, path, parameters, stripe_version, stripe_account, idempotency_key, media_type,
                   status
              FROM stripe_requests WHERE position > \(position) ORDER BY position LIMIT \(Self.pageSize)
            """
        ) { row in
            StripeRequest(
                position: try row.decode("position"), method: try row.decode("method"), path: try row.decode("path"),
                parameters: try row.decode("parameters"), version: try row.decodeIfPresent("stripe_version"),
                account: try row.decodeIfPresent("stripe_account"),
                idempotencyKey: try row.decodeIfPresent("idempotency_key"),
                mediaType: try row.decodeIfPresent("media_type"), status: try row.decode("status"))
        }
    }
}
