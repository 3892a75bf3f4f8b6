import Synchronization

/// Speaks just enough SMTP to take a mail, and keeps what it received.
final class FakeMailServer: Sendable {
    private let server: RawServer
    private let transcript: Transcript

    private final class Transcript: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// - Parameters:
    ///   - extensions: What it offers after EHLO.
    ///   - replies: What it says instead of "250 OK" to a line that begins so.
    ///   - onQuit: What it does before it says goodbye.
    init(
        extensions: [String] = ["8BITMIME"],
        replies: [String: String] = [:],
        onQuit: @escaping @Sendable () -> Void = {}
    ) {
        let transcript = Transcript()
        self.transcript = transcript
        server = RawServer { connection in
            connection.write("220 fake ESMTP\r\n")
            var isData = false
            while let line = connection.line() {
                transcript.lines.withLock { $0.append(line) }
                if isData {
                    guard line == "." else { continue }
                    isData = false
                }
                if let reply = replies.first(where: { line.hasPrefix($0.key) })?.value {
                    connection.write("\(reply)\r\n")
                    continue
                }
                switch line.prefix(4) {
                case "EHLO":
                    connection.write(
                        (["fake"] + extensions).dropLast().map { "250-\($0)\r\n" }.joined())
                    connection.write("250 \(extensions.last ?? "fake")\r\n")
                case "DATA":
                    isData = true
                    connection.write("354 go on\r\n")
                case "AUTH":
                    connection.write("334 \r\n")
                    transcript.lines.withLock { $0.append(connection.line() ?? "") }
                    connection.write("235 welcome\r\n")
                case "QUIT":
                    onQuit()
                    connection.write("221 bye\r\n")
                    return
                default:
                    connection.write("250 OK\r\n")
                }
            }
        }
    }

    func url(_ userInfo: String = "") -> String { "smtp://\(userInfo)127.0.0.1:\(server.port)" }
    var connectionCount: Int { server.connectionCount }
    var lines: [String] { transcript.lines.withLock { $0 } }

    /// The lines of the mail itself, without the dots that SMTP adds.
    var message: [String] {
        let lines = lines.drop { $0 != "DATA" }.dropFirst().prefix { $0 != "." }
        return lines.map { $0.hasPrefix(".") ? String($0.dropFirst()) : $0 }
    }
}
