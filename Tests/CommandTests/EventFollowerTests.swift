import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: `guildhallctl events` prints every event at least once and goes on where it was.
@Suite struct EventFollowerTests {
    private func use(
        _ answer: @escaping @Sendable (LocalServer.Asked) async throws -> LocalServer.Answer,
        _ body: (_ follower: EventFollower, _ printed: Shared<[String]>, _ file: String) async throws -> Void
    ) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "guildhall-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let http = OutboundHTTP(logger: .quiet, drainLimit: .milliseconds(10))
        let printed = Shared<[String]>([])
        try await LocalServer.serve(answer) { url in
            let follower = EventFollower(
                http: http, url: url, key: "k", cursor: CursorFile(path: file),
                print: { line in printed.change { $0.append(String(decoding: line, as: UTF8.self)) } })
            try await body(follower, printed, file)
        }
        await http.shutdown()
    }

    @Test func `all pages are printed, and the next run goes on after them`() async throws {
        try await use { asked in
            #expect(asked.headers["authorization"] == "Bearer k")
            if asked.query.contains("after=b") { return .json(200, #"{"events":[{"id":"c"}]}"#) }
            if asked.query.contains("after=c") { return .json(200, #"{"events":[]}"#) }
            return .json(200, #"{"events":[{"id":"a","data":{"x":1.50}},{"id":"b"}],"next_cursor":"b"}"#)
        } _: { follower, printed, file in
            try await follower.run(following: false)
            #expect(printed.value == [#"{"id":"a","data":{"x":1.50}}"#, #"{"id":"b"}"#, #"{"id":"c"}"#])
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "c\n")
            try await follower.run(following: false)
            #expect(printed.value.count == 3)
        }
    }

    @Test func `it follows the stream after what was printed`() async throws {
        let places = Shared<[String?]>([])
        try await use { asked in
            guard asked.path.hasPrefix("/api/events/stream") else {
                let isFirst = !asked.query.contains("after=")
                return .json(200, isFirst ? #"{"events":[{"id":"a"}]}"# : #"{"events":[]}"#)
            }
            places.change { $0.append(asked.headers["last-event-id"]) }
            return .init(
                headers: ["content-type": "text/event-stream"],
                text: ": still here\n\nevent: gig.created\nid: b\ndata: {\"id\":\"b\"}\n\n")
        } _: { follower, printed, file in
            let running = Task { try await follower.run(following: true) }
            try await eventually("the stream's event is printed") { printed.value.count >= 2 }
            running.cancel()
            // It ends because it is cancelled, in whatever it was doing.
            _ = await running.result
            #expect(printed.value.prefix(2) == [#"{"id":"a"}"#, #"{"id":"b"}"#])
            #expect(places.value.first == "a")
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "b\n")
        }
    }

    @Test func `a refusal ends it with the server's words`() async throws {
        try await use { _ in
            .json(404, #"{"message":"after names no event of yours."}"#)
        } _: { follower, printed, _ in
            let refusal = await #expect(throws: EventFollower.Refused.self) {
                try await follower.run(following: true)
            }
            #expect(refusal?.description == "404: after names no event of yours.")
            #expect(printed.value.isEmpty)
        }
    }
}
