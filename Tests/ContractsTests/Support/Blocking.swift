import Postgres

extension Transaction {
    /// Waits until somebody waits for a lock that this transaction holds.
    func waitUntilBlocking() async throws {
        let end = ContinuousClock.now + .seconds(20)
        while try await !isBlocking() {
            guard ContinuousClock.now < end else { throw NobodyWaits() }
            await Task.yield()
        }
    }

    private func isBlocking() async throws -> Bool {
        try await one(
            """
            SELECT EXISTS (
                SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
            ) AS is_blocking
            """
        ) { try $0.decode("is_blocking") }
    }
}

struct NobodyWaits: Error {}
