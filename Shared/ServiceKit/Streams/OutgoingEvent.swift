import HTTPTypes
import SharedModels

/// An outgoing server-sent event, or a comment that keeps the connection alive.
package struct OutgoingEvent: Sendable {
    package let bytes: [UInt8]
    /// Whether it only says that the stream is alive. Who is behind does not need it.
    var isHeartbeat = false

    /// - Parameter data: One line of JSON.
    package init(event: String, id: String? = nil, data: JSONValue) {
        self.init(event: event, id: id, json: data.bytes)
    }

    /// An event of SkillSync.
    ///
    /// - Throws: What encoding `data` throws.
    package init(event: String, id: String? = nil, _ data: some Model) throws {
        self.init(event: event, id: id, json: try JSONValue.encode(data, wholeSeconds: true))
    }

    /// - Parameter json: One line of JSON, as it is to be sent.
    package init(event: String, id: String? = nil, json: [UInt8]) {
        let identifier = id.map { "id: \($0)\n" } ?? ""
        bytes = Array("event: \(event)\n\(identifier)data: ".utf8) + json + Array("\n\n".utf8)
    }

    /// Several events in one piece.
    package init(joining events: [OutgoingEvent]) {
        bytes = events.flatMap(\.bytes)
    }

    private init(heartbeat: String) {
        bytes = Array(heartbeat.utf8)
        isHeartbeat = true
    }

    package static let heartbeat = OutgoingEvent(heartbeat: ": still here\n\n")
}

extension Call {
    /// Whether the caller's `Accept` names server-sent events.
    var acceptsEventStream: Bool {
        head.headers[values: .accept].contains { header in
            header.utf8.split(separator: UInt8(ascii: ",")).contains { range in
                range.prefix { $0 != UInt8(ascii: ";") }.trimmingBlanks.equalsIgnoringCase("text/event-stream")
            }
        }
    }
}
