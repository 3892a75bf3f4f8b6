import Postgres
import SharedModels

/// Every statement on the table `vouches`.
struct VouchStore: Sendable {
    /// Vouches, unless either account is deleted.
    ///
    /// - Returns: `false` when the vouch existed before, or one of the accounts is deleted.
    func insertIfAbsent(_ vouch: Vouch, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.execute(
            """
            INSERT INTO vouches (voucher_id, vouched_id, created_at)
            SELECT voucher.user_id, vouched.user_id, \(vouch.createdAt)
              FROM profiles voucher, profiles vouched
             WHERE voucher.user_id = \(vouch.voucherID) AND voucher.deleted_at IS NULL
               AND vouched.user_id = \(vouch.vouchedID) AND vouched.deleted_at IS NULL
            ON CONFLICT ON CONSTRAINT vouches_pkey DO NOTHING
            """
        ) == 1
    }

    /// The people who vouch for each of these accounts, oldest first, at most 100 each. Deleted accounts are left out.
    func vouchers(of ids: [AccountID], in executor: some SQLExecutor) async throws -> [AccountID: [Voucher]] {
        let rows: [(AccountID, Voucher)] = try await executor.all(
            """
            SELECT v.vouched_id, v.voucher_id, v.display_name
              FROM unnest(\(ids)) AS wanted(id)
              JOIN LATERAL (
                  SELECT vouched_id, voucher_id, display_name, vouches.created_at
                    FROM vouches JOIN profiles ON user_id = voucher_id AND deleted_at IS NULL
                   WHERE vouched_id = wanted.id
                   ORDER BY vouches.created_at LIMIT 100
              ) v ON true
             ORDER BY v.created_at
            """
        ) { row in
            let voucher = Voucher(
                userID: try row.decode("voucher_id"), displayName: try row.decode("display_name"))
            return (try row.decode("vouched_id"), voucher)
        }
        return Dictionary(grouping: rows, by: \.0).mapValues { $0.map(\.1) }
    }
}
