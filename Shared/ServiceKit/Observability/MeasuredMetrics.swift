import CoreMetrics
import Synchronization

/// The name of a library's metric in Prometheus' format: its family, and its labels as text.
struct MetricName: Hashable {
    let family: String
    /// Without braces; empty when the metric has no labels.
    let labels: String

    /// - Parameters:
    ///   - label: Any text. Characters that a name cannot have become `_`.
    ///   - ending: The suffix that Prometheus expects for such a metric.
    init(_ label: String, _ dimensions: [(String, String)], ending: String = "") {
        let name = Self.name(label)
        family = name.hasSuffix(ending) ? name : name + ending
        labels = dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.name($0.0))=\"\(Self.escaped($0.1))\"" }
            .joined(separator: ",")
    }

    /// The name of one line: `ending` follows the family, and `more` follows the labels.
    func line(_ ending: String = "", _ more: String = "") -> String {
        let all = [labels, more].filter { !$0.isEmpty }.joined(separator: ",")
        return family + ending + (all.isEmpty ? "" : "{\(all)}")
    }

    private static func name(_ text: String) -> String {
        let characters = text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return (characters.first?.isNumber == true ? "_" : "") + String(characters)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// The storage behind a metric of swift-metrics.
protocol Measured: AnyObject, Sendable {
    var kind: MetricsRegistry.Kind { get }
    func lines(of name: MetricName) -> [String]
}

final class MeasuredCounter: Measured, CounterHandler {
    private let count = Atomic<Int64>(0)

    var kind: MetricsRegistry.Kind { .counter }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
    func lines(of name: MetricName) -> [String] { ["\(name.line()) \(count.load(ordering: .relaxed))"] }
}

final class MeasuredLevel: Measured, MeterHandler, RecorderHandler {
    private let level = Mutex(0.0)

    var kind: MetricsRegistry.Kind { .gauge }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { level.withLock { $0 = value } }
    func increment(by amount: Double) { level.withLock { $0 += amount } }
    func decrement(by amount: Double) { level.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func lines(of name: MetricName) -> [String] { ["\(name.line()) \(level.withLock { $0 })"] }
}

/// A histogram of durations in seconds, or of the values that a recorder gets.
final class MeasuredHistogram: Measured, RecorderHandler, TimerHandler {
    private struct Counts {
        var buckets = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var sum = 0.0
    }

    private let counts = Mutex(Counts())

    var kind: MetricsRegistry.Kind { .histogram }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = RequestMetrics.bounds.firstIndex { value <= $0 } ?? RequestMetrics.bounds.count
        counts.withLock { counts in
            counts.buckets[bucket] += 1
            counts.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(of name: MetricName) -> [String] {
        let counts = counts.withLock { $0 }
        var sum = 0
        var lines: [String] = []
        for (index, count) in counts.buckets.enumerated() {
            sum += count
            let bound = index < RequestMetrics.bounds.count ? "\(RequestMetrics.bounds[index])" : "+Inf"
            lines.append("\(name.line("_bucket", "le=\"\(bound)\"")) \(sum)")
        }
        return lines + ["\(name.line("_sum")) \(counts.sum)", "\(name.line("_count")) \(sum)"]
    }
}
