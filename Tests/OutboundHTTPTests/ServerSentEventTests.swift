import OutboundHTTP
import Testing

/// The promise under test: the event stream format of WHATWG HTML section 9.2.
@Suite struct ServerSentEventTests {
    private func parse(_ text: String, inPiecesOf size: Int = .max) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            events += try parser.feed(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return events
    }

    @Test(arguments: ["\n", "\r\n", "\r"], [1, 2, 3, 7, Int.max])
    func `fields, comments and line ends, in pieces of any size`(end: String, size: Int) throws {
        let text = [
            "\u{FEFF}: comment", "event: job.created", "id: 7", "data: {\"a\":", "data:  1}",
            "unknown: x", "retry: 2500", "",
            "data", "", "data", "data", "", "event: never sent", "", "data:no space", "id", "",
            "data: cut off",
        ].joined(separator: end)
        #expect(
            try parse(text, inPiecesOf: size) == [
                ServerSentEvent(
                    event: "job.created", data: "{\"a\":\n 1}", id: "7", retry: .milliseconds(2500)),
                ServerSentEvent(data: "", id: "7", retry: .milliseconds(2500)),
                ServerSentEvent(data: "\n", id: "7", retry: .milliseconds(2500)),
                ServerSentEvent(data: "no space", id: "", retry: .milliseconds(2500)),
            ]
        )
    }

    @Test func `an id with NUL and a retry that is no number are ignored`() throws {
        let text = "id: 1\nid: a\0b\nretry: 1s\nretry:\ndata: x\n\n"
        #expect(try parse(text) == [ServerSentEvent(data: "x", id: "1")])
    }

    @Test func `an endless event is refused`() {
        let line = "data: " + String(repeating: "x", count: 100_000) + "\n"
        #expect(throws: OutboundError.responseTooLarge) {
            try parse(String(repeating: line, count: 11))
        }
        #expect(throws: OutboundError.responseTooLarge) {
            try parse(String(repeating: "x", count: 1_100_000))
        }
    }
}
