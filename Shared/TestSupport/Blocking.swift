import Postgres

extension Transaction {
    /// Begins `work` in another task, and returns when it waits for a lock that this transaction holds.
    ///
    /// What this transaction writes with its next statement is written before that. Otherwise the other task could be the
    /// first.
    package func block<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Task<Value, any Error> {
        try await execute("SELECT")
        // Detached, because it does not belong to this transaction.
        let blocked = Task.detached { try await work() }
        try await eventually("somebody waits for a lock of this transaction") {
            try await one(
                """
                SELECT EXISTS (
                    SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
                ) AS is_blocking
                """
            ) { try $0.decode("is_blocking") }
        }
        return blocked
    }
}

extension Database {
    /// Waits until `count` sessions or more wait for a lock. Do not call it on a transaction's own connection, which
    /// keeps seeing what was there when it first looked.
    package func waitUntilBlocked(_ count: Int) async throws {
        try await eventually("\(count) wait for a lock") {
            try await one(
                """
                SELECT count(*) AS count FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND datname = current_database()
                """
            ) { try $0.decode("count", as: Int.self) } >= count
        }
    }
}
