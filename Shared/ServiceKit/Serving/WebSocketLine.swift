import NIOCore

/// Hears what comes over a WebSocket. Its methods are called one at a time, in order, and must not wait.
package protocol WebSocketListener: AnyObject, Sendable {
    /// The connection speaks WebSocket now.
    func opened(_ line: WebSocketLine)
    /// A whole message. It is UTF-8.
    func received(_ text: [UInt8])
    /// The connection is gone. It comes once, also when the connection was never opened.
    func closed()
}

/// A way to a WebSocket from any task.
package struct WebSocketLine: Sendable {
    private let connection: NIOLoopBound<WebSocketConnection>
    private let loop: any EventLoop

    init(_ connection: WebSocketConnection, on loop: any EventLoop) {
        self.connection = NIOLoopBound(connection, eventLoop: loop)
        self.loop = loop
    }

    /// Sends a message. One who does not take what is sent is disconnected.
    package func send(_ text: [UInt8]) { loop.execute { connection.value.send(text) } }

    /// Says why, and disconnects once the other has answered, or a little later.
    package func close(_ reason: WebSocketEnd = .normal) { loop.execute { connection.value.close(reason) } }

    /// Reads no more until ``resume()``.
    package func pause() { loop.execute { connection.value.pause() } }
    package func resume() { loop.execute { connection.value.resume() } }
}

/// Why a WebSocket ends (RFC 6455, section 7.4.1).
package struct WebSocketEnd: Sendable, Equatable {
    let code: UInt16
    /// At most 123 bytes.
    let reason: String

    package init(_ code: UInt16, _ reason: String) {
        (self.code, self.reason) = (code, reason)
    }

    package static let normal = Self(1000, "")
    static let goingAway = Self(1001, "the server shuts down")
    static let protocolError = Self(1002, "this is not WebSocket")
    static let notText = Self(1003, "binary data is not taken")
    static let notUTF8 = Self(1007, "the text is not UTF-8")
    package static let refused = Self(1008, "this is not taken")
    static let tooLarge = Self(1009, "the message is too large")
}
