import OutboundHTTP
import SharedModels
import Testing

/// A socket of the chat that polls, through the gateway, packet by packet.
struct PolledSocket: Sendable {
    private let stack: Stack
    private let url: String

    static func connect(_ stack: Stack, token: String) async throws -> PolledSocket {
        let url = "\(stack.gateway)/socket.io/?EIO=4&transport=polling"
        let opened = try await stack.send(OutboundRequest(.get, url))
        try #require(opened.status == 200 && opened.said.hasPrefix("0{"), "\(opened)")
        let id = try #require(try JSONValue.parse(Array(opened.said.utf8.dropFirst()))["sid"]?.string)
        let socket = PolledSocket(stack: stack, url: "\(url)&sid=\(id)")
        try await socket.post("40{\"token\":\"\(token)\"}")
        let answer = try await socket.poll()
        try #require(answer.first?.hasPrefix("40{") == true, "\(answer)")
        return socket
    }

    func post(_ packet: String) async throws {
        let answer = try await stack.send(OutboundRequest(.post, url, body: Array(packet.utf8)))
        try #require(answer.status == 200, "\(answer)")
    }

    /// The packets that wait, or the next ones.
    func poll() async throws -> [String] {
        var request = OutboundRequest(.get, url)
        request.deadline = .seconds(120)
        let answer = try await stack.send(request)
        return answer.status == 200 ? answer.said.split(separator: "\u{1E}").map(String.init) : ["\(answer.status)"]
    }

    func say(_ event: String, _ data: JSONValue) async throws {
        try await post("42" + String(decoding: JSONValue.array([.string(event), data]).bytes, as: UTF8.self))
    }

    /// The next event of this name; others are passed over, and pings are answered.
    func hear(_ event: String) async throws -> JSONValue {
        for _ in 0..<50 {
            for packet in try await poll() {
                if packet == "2" { try await post("3") }
                guard packet.hasPrefix("42") else { continue }
                let said = try JSONValue.parse(Array(packet.utf8.dropFirst(2)))
                if said.array?.first?.string == event { return try #require(said.array?.last) }
            }
        }
        throw Unheard(event: event)
    }

    struct Unheard: Error {
        let event: String
    }
}

extension Answer {
    fileprivate var said: String { String(decoding: bytes, as: UTF8.self) }
}
