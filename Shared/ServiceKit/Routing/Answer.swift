import HTTPTypes
import SharedModels

/// A complete answer to a request, which can be stored and sent again. Of several headers with one name only the last
/// is sent, except for `Set-Cookie`.
package struct Answer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(_ value: JSONValue, status: Int = 200) -> Self {
        Self(status: status, headers: [("Content-Type", "application/json")], body: value.bytes)
    }

    package static func html(_ text: String, status: Int = 200) -> Self {
        Self(status: status, headers: [("Content-Type", "text/html; charset=utf-8")], body: Array(text.utf8))
    }

    package static func text(_ text: String, status: Int = 200) -> Self {
        Self(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    package static func redirect(_ location: String) -> Self {
        Self(status: 302, headers: [("Location", location)])
    }
}

extension Answer {
    /// The answer with the handler's additions to the head, in the form that a repeat receives. A repeat gets its own
    /// rate limits.
    func whole(with reply: ReplyHead) -> Self {
        var whole = self
        let added = reply.current.headers.filter { !HTTPField.Name.rateLimits.contains($0.name) }
        whole.headers = added.map { ($0.name.rawName, $0.value) } + headers
        return whole
    }
}

/// How a request is answered.
enum Reply: Sendable {
    case whole(Answer)
    case file(FileAnswer)
    case stream(@Sendable (ConnectionLine) async throws -> Void)
    /// The connection speaks WebSocket from now on.
    case webSocket(WebSocketHandshake, any WebSocketListener)
}
