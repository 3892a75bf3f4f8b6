import SharedModels
import Synchronization

/// Counts and times of one endpoint, by status. We count ourselves, because middleware that wraps the body costs a
/// third of the throughput (`docs/performance.md`).
final class RequestMetrics: Sendable {
    /// Upper bounds in seconds.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    private struct Counts {
        var byStatus: [Int: Int] = [:]
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var seconds = 0.0
    }

    private let operation: String
    private let counts = Mutex(Counts())

    init(operation: String) {
        self.operation = operation
    }

    func record(status: Int, _ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        counts.withLock { counts in
            counts.byStatus[status, default: 0] += 1
            counts.buckets[bucket] += 1
            counts.seconds += seconds
        }
    }

    /// The lines of the Prometheus text format (version 0.0.4).
    func lines() -> (totals: [String], durations: [String]) {
        let counts = counts.withLock { $0 }
        let totals = counts.byStatus.sorted { $0.key < $1.key }.map {
            "http_requests_total{endpoint=\"\(operation)\",status=\"\($0.key)\"} \($0.value)"
        }
        guard !totals.isEmpty else { return ([], []) }
        var sum = 0
        var durations: [String] = []
        for (index, count) in counts.buckets.enumerated() {
            sum += count
            let bound = index < Self.bounds.count ? "\(Self.bounds[index])" : "+Inf"
            durations.append("http_request_duration_seconds_bucket{endpoint=\"\(operation)\",le=\"\(bound)\"} \(sum)")
        }
        durations.append("http_request_duration_seconds_sum{endpoint=\"\(operation)\"} \(counts.seconds)")
        durations.append("http_request_duration_seconds_count{endpoint=\"\(operation)\"} \(sum)")
        return (totals, durations)
    }
}
