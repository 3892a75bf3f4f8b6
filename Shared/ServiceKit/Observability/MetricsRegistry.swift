import CoreMetrics
import SharedModels
import Synchronization

/// All metrics that a service shows at `/metrics`, in Prometheus' text format (version 0.0.4).
///
/// It is the backend of swift-metrics (`MetricsSystem.bootstrap`), so the metrics of libraries appear beside our own.
/// Requests are counted by ``RequestMetrics``, one for each endpoint.
package final class MetricsRegistry: Sendable {
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// A value that is read on demand.
    private struct Reading: Sendable {
        let kind: Kind
        let name: String
        let help: String
        let read: @Sendable () async -> Double
    }

    private let requests = Mutex([RequestMetrics]())
    private let readings = Mutex([Reading]())
    private let measured = Mutex([MetricName: any Measured]())

    package init() {}

    func requests(of operation: String) -> RequestMetrics {
        let metrics = RequestMetrics(operation: operation)
        requests.withLock { $0.append(metrics) }
        return metrics
    }

    /// A value that goes up and down, read on demand.
    package func gauge(_ name: String, _ help: String, _ read: @escaping @Sendable () async -> Double) {
        readings.withLock { $0.append(Reading(kind: .gauge, name: name, help: help, read: read)) }
    }

    /// A value that only goes up, read on demand.
    package func counter(_ name: String, _ help: String, _ read: @escaping @Sendable () async -> Double) {
        readings.withLock { $0.append(Reading(kind: .counter, name: name, help: help, read: read)) }
    }

    func text() async -> String {
        let lines = requests.withLock { $0 }.map { $0.lines() }
        var text = "# TYPE http_requests_total counter\n"
        text += lines.flatMap(\.totals).map { $0 + "\n" }.joined()
        text += "# TYPE http_request_duration_seconds histogram\n"
        text += lines.flatMap(\.durations).map { $0 + "\n" }.joined()
        for reading in readings.withLock({ $0 }) {
            text += "# HELP \(reading.name) \(reading.help)\n# TYPE \(reading.name) \(reading.kind.rawValue)\n"
            text += "\(reading.name) \(await reading.read())\n"
        }
        return text + measuredText()
    }

    /// The metrics of libraries, with each family in one piece.
    private func measuredText() -> String {
        let families = Dictionary(grouping: measured.withLock { $0 }) { $0.key.family }
        return families.sorted { $0.key < $1.key }.map { family, members in
            let kind = members.first.map { $0.value.kind.rawValue } ?? ""
            let lines = members.sorted { $0.key.labels < $1.key.labels }
                .flatMap { name, metric in metric.kind.rawValue == kind ? metric.lines(of: name) : [] }
            return "# TYPE \(family) \(kind)\n" + lines.map { $0 + "\n" }.joined()
        }.joined()
    }

    /// The metric of that name, created at its first use. A name has one kind: a second kind is measured but not shown.
    private func metric<Metric: Measured>(_ name: MetricName, _ make: () -> Metric) -> Metric {
        measured.withLock { measured in
            if let known = measured[name] { return known as? Metric ?? make() }
            let metric = make()
            measured[name] = metric
            return metric
        }
    }

    private func forget(_ metric: AnyObject) {
        measured.withLock { measured in
            for (name, known) in measured where known === metric { measured[name] = nil }
        }
    }
}

extension MetricsRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        metric(MetricName(label, dimensions, ending: "_total")) { MeasuredCounter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        metric(MetricName(label, dimensions)) { MeasuredLevel() }
    }

    /// - Parameter aggregate: Whether to keep a histogram instead of the last value.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let name = MetricName(label, dimensions)
        return aggregate ? metric(name) { MeasuredHistogram() } : metric(name) { MeasuredLevel() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        metric(MetricName(label, dimensions, ending: "_seconds")) { MeasuredHistogram() }
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }
}
