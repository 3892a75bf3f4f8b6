import Postgres

extension Transaction {
    /// Compares the CPU time that PostgreSQL needs for the same amount of input in small pieces and in one, again when the
    /// one looks too slow. Other programs change little about it. The server runs on this machine, and the user is its
    /// superuser.
    ///
    /// - Returns: How many times as long it takes in one piece; `nil` when it is about as long.
    package func excess(
        _ pieces: () async throws -> Void, whole: () async throws -> Void
    ) async throws -> Double? {
        var factor = Double.infinity
        for _ in 0..<4 {
            factor = min(factor, try await cpuTime(of: whole) / max(0.02, try await cpuTime(of: pieces)))
            // With eight pieces, what grows with the square takes eight times as long.
            if factor < 3 { return nil }
        }
        return factor
    }

    /// In seconds, exact to a few milliseconds.
    private func cpuTime(of work: () async throws -> Void) async throws -> Double {
        let start = try await cpuTime()
        try await work()
        return try await cpuTime() - start
    }

    /// Of the process behind this connection.
    private func cpuTime() async throws -> Double {
        try await one("SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint") {
            Double(try $0.int64(at: 0)) / 1e9
        }
    }
}
