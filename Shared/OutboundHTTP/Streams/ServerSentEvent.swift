/// One event of a `text/event-stream` (WHATWG HTML, section 9.2).
package struct ServerSentEvent: Equatable, Sendable {
    /// `message` unless the stream says otherwise.
    package var event: String
    package var data: String
    /// The last id the stream gave, for `Last-Event-ID` after a break.
    package var id: String?
    /// How long the stream asked us to wait before connecting again.
    package var retry: Duration?

    package init(event: String = "message", data: String, id: String? = nil, retry: Duration? = nil) {
        self.event = event
        self.data = data
        self.id = id
        self.retry = retry
    }
}

/// Reads events from bytes that come in pieces of any size.
package struct ServerSentEventParser: Sendable {
    /// The longest event, in bytes. Ours are below 64 KiB.
    package static let maximumEventBytes = 1 << 20

    private var line: [UInt8] = []
    private var lastWasCarriageReturn = false
    private var isAtStart = true
    private var type = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var id: String?
    private var retry: Duration?

    package init() {}

    /// - Returns: The events that `bytes` complete. An event that no empty line has ended yet is kept; at the end of
    ///   the stream it must be dropped, as the standard says.
    /// - Throws: ``OutboundError/responseTooLarge``
    package mutating func feed(_ bytes: some Sequence<UInt8>) throws(OutboundError)
        -> [ServerSentEvent]
    {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let isSecondOfPair = lastWasCarriageReturn && byte == UInt8(ascii: "\n")
            lastWasCarriageReturn = byte == UInt8(ascii: "\r")
            if isSecondOfPair { continue }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                line.append(byte)
                if line.count + data.count > Self.maximumEventBytes { throw .responseTooLarge }
                continue
            }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }  // byte order mark
        isAtStart = false
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        field(String(decoding: line[..<colon], as: UTF8.self), value)
        return nil
    }

    private mutating func field(_ name: String, _ value: ArraySlice<UInt8>) {
        switch name {
        case "event":
            type = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            data += value
            hasData = true
        case "id":
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        case "retry":
            if !value.isEmpty, value.count <= 9, value.allSatisfy({ (0x30...0x39).contains($0) }) {
                retry = Int(String(decoding: value, as: UTF8.self)).map { .milliseconds($0) }
            }
        default:
            break  // comments (an empty name) and fields to come
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            type = ""
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            event: type.isEmpty ? "message" : type, data: String(decoding: data, as: UTF8.self),
            id: id, retry: retry
        )
    }
}
