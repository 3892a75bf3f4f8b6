import SharedModels

/// A connection that speaks WebSocket, frame by frame, also in ways that no client would.
struct SocketLine: Sendable {
    struct Frame: Sendable, Equatable {
        var isLast = true
        var opcode: UInt8
        var bytes: [UInt8]

        /// The code in a farewell.
        var code: Int? { opcode == 8 && bytes.count >= 2 ? Int(bytes[0]) << 8 | Int(bytes[1]) : nil }
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    static let path = "/socket.io/?EIO=4&transport=websocket"
    static let headers = [
        "Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]

    let line: Line

    static func head(_ path: String = path, _ headers: [String] = headers, method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\n\(headers.map { "\($0)\r\n" }.joined())\r\n"
    }

    /// Opens a session over WebSocket, and reads how it begins.
    static func open(port: Int, path: String = path, adding headers: [String] = []) async throws -> SocketLine {
        let socket = SocketLine(line: try Line(port: port))
        try await socket.line.send(head(path, Self.headers + headers))
        let answer = try await socket.line.head()
        guard answer.status == 101 else { throw Line.Failure.silent(after: "\(answer)") }
        return socket
    }

    /// The same, and connects with a credential.
    static func connect(port: Int, as caller: Caller) async throws -> SocketLine {
        let socket = try await open(port: port)
        _ = try await socket.text()
        try await socket.say("40{\"token\":\"\(caller.secret)\"}")
        guard try await socket.text().hasPrefix("40{\"sid\":") else { throw Line.Failure.silent(after: "connect") }
        return socket
    }

    func say(_ text: String) async throws { try await send(Frame(opcode: 1, bytes: Array(text.utf8))) }

    func send(_ frame: Frame, reserved: UInt8 = 0, isMasked: Bool = true) async throws {
        try await line.send(Self.bytes(frame, reserved: reserved, isMasked: isMasked))
    }

    static func bytes(_ frame: Frame, reserved: UInt8 = 0, isMasked: Bool = true) -> [UInt8] {
        var bytes = [(frame.isLast ? 0x80 : 0) | reserved | frame.opcode]
        let (count, mask) = (frame.bytes.count, UInt8(isMasked ? 0x80 : 0))
        switch count {
        case ..<126: bytes.append(mask | UInt8(count))
        case ..<65536: bytes += [mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: bytes += [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
        guard isMasked else { return bytes + frame.bytes }
        let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return bytes + key + frame.bytes.enumerated().map { $1 ^ key[$0 % 4] }
    }

    func frame() async throws -> Frame {
        let head = try await line.bytes(2)
        var count = Int(head[1] & 0x7F)
        if count >= 126 {
            count = try await line.bytes(count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(isLast: head[0] & 0x80 != 0, opcode: head[0] & 0x0F, bytes: try await line.bytes(count))
    }

    func text() async throws -> String { try await frame().text }

    /// Waits for the farewell, and answers it.
    func farewell() async throws -> Int? {
        while true {
            let frame = try await frame()
            guard frame.opcode == 8 else { continue }
            try await send(frame)
            return frame.code
        }
    }
}
