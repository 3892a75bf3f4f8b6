import HTTPTypes
import NIOCore
import NIOHTTP1

/// An answer as it goes out.
package struct ServedAnswer: Sendable {
    package enum Body: Sendable {
        /// No body, and no word about it: 204 and 304.
        case none
        case bytes([UInt8])
        /// Pieces that are sent as they come. The stream ends when the closure returns.
        case stream(@Sendable (ConnectionLine) async throws -> Void)
        /// So many bytes, in pieces that are sent as they come.
        case sized(Int, @Sendable (ConnectionLine) async throws -> Void)
        /// The connection speaks WebSocket from now on. Only for a request that ``WebSocketHandshake`` has accepted.
        case webSocket(any WebSocketListener)
    }

    package let status: Int
    package var headers: HTTPFields
    package var body: Body

    package init(status: Int, headers: HTTPFields, body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// What sends the pieces of an answer that comes in pieces, and whether it may end before its time.
    var pieces: (produce: @Sendable (ConnectionLine) async throws -> Void, mayEnd: Bool)? {
        switch body {
        case .none, .bytes, .webSocket: nil
        case .stream(let produce): (produce, true)
        case .sized(_, let produce): (produce, false)
        }
    }

    /// For the log. The length of a stream is not known.
    var length: Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .sized(let count, _): count
        case .none, .stream, .webSocket: 0
        }
    }
}

/// How an answer's head is completed for its connection.
struct AnswerFraming {
    let isForHead: Bool
    let isHTTP10: Bool
    let closes: Bool
    /// The present moment as headers write it.
    let date: [UInt8]
}

extension ServedAnswer {
    /// The head, and the body if it is at hand.
    func write(to buffer: inout ByteBuffer, _ framing: AnswerFraming) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status))
        buffer.writeStaticString(" ")
        buffer.writeString(HTTPResponseStatus(statusCode: status).reasonPhrase)
        buffer.writeStaticString("\r\n")
        for field in headers { buffer.write(field.name.rawName, field.value) }
        buffer.writeStaticString("Date: ")
        buffer.writeBytes(framing.date)
        if case .webSocket = body {
            buffer.writeStaticString("\r\nConnection: Upgrade")
        } else if framing.closes {
            buffer.writeStaticString("\r\nConnection: close")
        } else if framing.isHTTP10 {
            buffer.writeStaticString("\r\nConnection: keep-alive")
        }
        switch body {
        case .none, .webSocket: buffer.writeStaticString("\r\n\r\n")
        case .bytes(let bytes):
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(bytes.count))
            buffer.writeStaticString("\r\n\r\n")
            if !framing.isForHead { buffer.writeBytes(bytes) }
        case .sized(let count, _):
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(count))
            buffer.writeStaticString("\r\n\r\n")
        case .stream:
            if !framing.isHTTP10 { buffer.writeStaticString("\r\nTransfer-Encoding: chunked") }
            buffer.writeStaticString("\r\n\r\n")
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func write(_ name: String, _ value: String) {
        writeString(name)
        writeStaticString(": ")
        writeString(value)
        writeStaticString("\r\n")
    }
}
