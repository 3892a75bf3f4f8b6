import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: Prometheus can read a service's metrics, and they count every request.
@Suite struct MetricsTests {
    /// A metric, its labels and its value (Prometheus text format, version 0.0.4).
    private struct Sample {
        let name: String
        let labels: String
        let value: Double

        init?(_ line: Substring) {
            let form = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="[^"\\]*"(?:,[a-z_]+="[^"\\]*")*\})? (\S+)$/
            guard let match = line.wholeMatch(of: form), let value = Double(match.3) else { return nil }
            (name, labels, self.value) = (String(match.1), match.2.map(String.init) ?? "", value)
        }

        /// The family that a sample of a histogram belongs to.
        var family: String {
            let ending = ["_bucket", "_sum", "_count"].first(where: name.hasSuffix) ?? ""
            return String(name.dropLast(ending.count))
        }
    }

    private func samples(_ text: String) throws -> [Sample] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { try #require(Sample($0), "\($0)") }
    }

    @Test
    func `The text is in Prometheus' format: typed families, each in one piece, no sample twice`() async throws {
        try await TestService.use { service in
            _ = try await service.ask("GET", "/api/things", as: service.auth.key())
            _ = try await service.ask("GET", "/api/nothing")
            _ = try await service.ask("POST", "/provider/t/things")
            let answer = try await service.ask("GET", "/metrics")
            #expect(answer.header("content-type") == "text/plain; version=0.0.4")
            #expect(answer.text.hasSuffix("\n"))
            var family = ""
            var declared: Set<String> = []
            for line in answer.text.split(separator: "\n") {
                if let type = line.wholeMatch(of: /# TYPE (\S+) (counter|gauge|histogram)/) {
                    family = String(type.1)
                    #expect(declared.insert(family).inserted, "\(line)")
                } else if !line.hasPrefix("# HELP ") {
                    #expect(try #require(Sample(line), "\(line)").family == family)
                }
            }
            let all = try samples(answer.text)
            #expect(Set(all.map { $0.name + $0.labels }).count == all.count)
            #expect(
                declared.isSuperset(of: [
                    "http_requests_total", "http_request_duration_seconds", "postgres_statements_in_flight",
                    "outbox_events_waiting", "outbox_oldest_event_seconds", "scheduler_items_overdue",
                    "dead_letters", "dead_letters_oldest_seconds",
                ]))
        }
    }

    @Test
    func `Every request is counted once, by endpoint and status; what has no endpoint too`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            for _ in 0..<3 { _ = try await service.ask("GET", "/api/things", as: key) }
            _ = try await service.ask("GET", "/api/things?limit=0", as: key)
            _ = try await service.ask("GET", "/api/things")
            _ = try await service.ask("GET", "/api/things/1", as: key)
            _ = try await service.ask("GET", "/api/nothing")
            _ = try await service.ask("PUT", "/api/things")
            _ = try await service.ask("OPTIONS", "/api/things")
            let text = try await service.ask("GET", "/metrics").text
            let totals = try samples(text).filter { $0.name == "http_requests_total" }
            let counts = Dictionary(uniqueKeysWithValues: totals.map { ($0.labels, $0.value) })
            #expect(
                counts == [
                    #"{endpoint="things.list",status="200"}"#: 3, #"{endpoint="things.list",status="400"}"#: 1,
                    #"{endpoint="things.list",status="401"}"#: 1, #"{endpoint="things.get",status="404"}"#: 1,
                    #"{endpoint="none",status="404"}"#: 1, #"{endpoint="none",status="405"}"#: 1,
                    #"{endpoint="none",status="204"}"#: 1,
                ])
        }
    }

    @Test(arguments: [
        [0, 1], [2, 2, 2], [60_000],
    ])
    func `A histogram's buckets grow with their bounds, and the last has all requests`(milliseconds: [Int]) throws {
        let metrics = RequestMetrics(operation: "things.list")
        for span in milliseconds { metrics.record(status: 200, .milliseconds(span)) }
        let all = try samples(metrics.lines().durations.joined(separator: "\n"))
        let buckets = all.filter { $0.name.hasSuffix("_bucket") }
        #expect(buckets.count == RequestMetrics.bounds.count + 1)
        #expect(buckets.map(\.value) == buckets.map(\.value).sorted())
        #expect(buckets.last?.labels == #"{endpoint="things.list",le="+Inf"}"#)
        #expect(buckets.last?.value == Double(milliseconds.count))
        for (bucket, bound) in zip(buckets, RequestMetrics.bounds) {
            #expect(bucket.value == Double(milliseconds.filter { Double($0) / 1000 <= bound }.count))
        }
        #expect(all.first { $0.name.hasSuffix("_count") }?.value == Double(milliseconds.count))
        let sum = try #require(all.first { $0.name.hasSuffix("_sum") }?.value)
        #expect(abs(sum - Double(milliseconds.reduce(0, +)) / 1000) < 1e-9)
    }

    @Test
    func `A gauge is read when it is asked for`() async throws {
        let (metrics, level) = (MetricsRegistry(), Shared(1.0))
        metrics.gauge("water_level", "Meters above the floor") { level.value }
        let head = "# HELP water_level Meters above the floor\n# TYPE water_level gauge\n"
        #expect(await metrics.text().contains(head + "water_level 1.0\n"))
        level.change { $0 = 2.5 }
        #expect(await metrics.text().contains("water_level 2.5\n"))
    }
}
