import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: every answer names its request, and no caller can put anything else there.
@Suite struct RequestTraceTests {
    private static let context = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test(arguments: [
        "4711", "a.B_c-9", String(repeating: "x", count: 128),
    ])
    func `A caller's sane id comes back as it is`(id: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things", headers: [("X-Request-Id", id)])
            #expect(answer.requestID == id)
            #expect(answer["request_id"] == .string(id))
        }
    }

    @Test(arguments: [
        nil, "", "a b", "a\"b", "{\"a\":1}", "<script>", "é", "a;b", "a/../b", "a,b", "%0d%0a",
        String(repeating: "x", count: 129),
    ])
    func `An id that is missing or hostile is replaced by a new one`(id: String?) async throws {
        try await TestService.use { service in
            let headers = id.map { [(name: "X-Request-Id", value: $0)] } ?? []
            let answer = try await service.ask("GET", "/api/things", headers: headers)
            let made = try #require(answer.requestID)
            #expect(made != id)
            #expect(Identifier<RequestKind>(made) != nil)
            #expect(answer["request_id"] == .string(made))
            #expect(answer.values(of: "x-request-id").count == 1)
        }
    }

    @Test
    func `Two requests never get the same id`() async throws {
        try await TestService.use { service in
            let one = try await service.ask("GET", "/docs").requestID
            #expect(try await service.ask("GET", "/docs").requestID != one)
        }
    }

    @Test(arguments: [
        (context, true), (nil, false), ("", false), (String(context.dropLast()), false),
        (context.uppercased(), false), (context.replacing("4bf9", with: "4bg9"), false),
        (context + "-00", false), (String(repeating: "-", count: 55), false),
    ])
    func `A W3C trace context is carried on, and an invalid one is dropped`(text: String?, isKept: Bool) {
        let trace = RequestTrace(accepting: "4711", traceparent: text, on: .clawConnected, at: Timestamp(seconds: 0))
        #expect(trace.traceparent == (isKept ? text : nil))
        #expect(trace.headers.map(\.name) == (isKept ? ["x-request-id", "traceparent"] : ["x-request-id"]))
    }

    @Test
    func `A handler works under the id and the context of its request`() async throws {
        try await TestService.use { service in
            let seen = Shared(RequestTrace?.none)
            service.things.afterChange.change { $0 = { _ in seen.change { $0 = RequestTrace.current } } }
            _ = try await service.ask(
                "POST", "/api/things", as: service.auth.key(), ["name": "Chair"],
                headers: [("X-Request-Id", "4711"), ("traceparent", Self.context)])
            #expect(seen.value == RequestTrace(requestID: "4711", traceparent: Self.context))
        }
    }
}
