import CoreMetrics
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what a library counts through swift-metrics appears beside our own metrics.
@Suite struct MeasuredMetricsTests {
    private let registry = MetricsRegistry()

    @Test func `a counter of the same name and labels is one counter, however often it is made`() async {
        Counter(label: "nio.reads", dimensions: [("loop", "1")], factory: registry).increment()
        Counter(label: "nio.reads", dimensions: [("loop", "1")], factory: registry).increment(by: 2)
        Counter(label: "nio.reads", dimensions: [("loop", "2")], factory: registry).increment()
        let text = await registry.text()
        #expect(
            text.contains(
                """
                # TYPE nio_reads_total counter
                nio_reads_total{loop="1"} 3
                nio_reads_total{loop="2"} 1

                """))
    }

    @Test func `a meter goes up and down, a timer is a histogram in seconds`() async {
        let meter = Meter(label: "open-connections", factory: registry)
        meter.set(5)
        meter.decrement(by: 2)
        let timer = Timer(label: "wait", factory: registry)
        timer.recordMilliseconds(3)
        timer.recordMilliseconds(30_000)
        let text = await registry.text()
        #expect(text.contains("# TYPE open_connections gauge\nopen_connections 3.0\n"))
        #expect(text.contains("# TYPE wait_seconds histogram\n"))
        #expect(text.contains(#"wait_seconds_bucket{le="0.005"} 1"#))
        #expect(text.contains(#"wait_seconds_bucket{le="+Inf"} 2"#))
        #expect(text.contains("wait_seconds_count 2\n"))
    }

    @Test func `labels are escaped, and a metric that is destroyed is not shown`() async {
        let counter = Counter(label: "odd", dimensions: [("text", "a\"b\\c\nd")], factory: registry)
        counter.increment()
        #expect(await registry.text().contains(#"odd_total{text="a\"b\\c\nd"} 1"#))
        counter.destroy()
        #expect(await !registry.text().contains("odd"))
    }

    @Test func `outgoing calls are counted`() async throws {
        try await TestService.use { service in
            _ = try await service.http.send(OutboundRequest(.get, service.url + "/health/live"), .service)
            let text = try await service.ask("GET", "/metrics").text
            #expect(text.contains("# TYPE outbound_attempts_total counter\noutbound_attempts_total 1.0\n"))
            #expect(text.contains("\noutbound_circuits_open 0.0\n"))
        }
    }
}
