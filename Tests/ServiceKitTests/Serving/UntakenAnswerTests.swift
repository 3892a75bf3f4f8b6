import HTTPTypes
import NIOCore
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: callers that do not take their answers cost a bounded amount of memory, and the others nothing.
@Suite(.timeLimit(.minutes(20))) struct UntakenAnswerTests {
    /// More than the operating system keeps for a connection.
    private static let long = 24 << 20

    private static func use(
        _ limits: ServingLimits, _ body: (_ port: Int, HTTPListener) async throws -> Void
    ) async throws {
        let port = Shared(0)
        let listener = HTTPListener(
            host: "127.0.0.1", port: 0, limits: limits, onListening: { open in port.change { $0 = open } },
            refuse: { ServedAnswer(status: $0.status, headers: HTTPFields(), body: .none) },
            respond: { request in
                let size = request.path == "/long" ? long : 2
                return ServedAnswer(
                    status: 200, headers: HTTPFields(), body: .bytes([UInt8](repeating: UInt8(ascii: "x"), count: size))
                )
            })
        let running = Task { try await listener.run() }
        let result: Result<Void, any Error>
        do {
            try await eventually("it listens") { port.value > 0 }
            result = .success(try await body(port.value, listener))
        } catch {
            result = .failure(error)
        }
        running.cancel()
        try await running.value
        try result.get()
    }

    private func ask(_ path: String, on port: Int) async throws -> Line {
        let line = try Line(port: port)
        try await line.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
        return line
    }

    @Test func `slow readers of long answers are let go when there are too many, and the others are answered`()
        async throws
    {
        var limits = ServingLimits()
        limits.untakenBytes = 60 << 20
        limits.untakenGrace = .zero
        try await Self.use(limits) { port, listener in
            var slow: [Line] = []
            for number in 1...6 {
                let line = try await ask("/long", on: port)
                // Its turn has come: it does not merely wait to be accepted.
                #expect(try await line.head().status == 200)
                slow.append(line)
                let kept = min(number, 2)
                try await eventually("\(kept) of \(number) wait") {
                    listener.openConnections == kept && listener.untakenBytes / Self.long == kept
                }
            }
            #expect(try await ask("/short", on: port).answer().status == 200)
            // The latest two are still served.
            for line in slow.suffix(2) { #expect(try await line.bytes(Self.long).count == Self.long) }
            try await eventually("nothing waits") { listener.untakenBytes == 0 }
        }
    }

    @Test func `who has just begun to read is not let go`() async throws {
        var limits = ServingLimits()
        limits.untakenBytes = 1 << 20
        limits.untakenGrace = .hours(1)
        try await Self.use(limits) { port, listener in
            var lines: [Line] = []
            for _ in 1...3 { lines.append(try await ask("/long", on: port)) }
            try await eventually("all wait") { listener.untakenBytes / Self.long == 3 }
            for line in lines { #expect(try await line.answer().status == 200) }
        }
    }
}
