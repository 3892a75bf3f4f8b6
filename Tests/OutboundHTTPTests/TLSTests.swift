import Foundation
import OutboundHTTP
import SharedModels
import Testing

/// The promise under test: a server without a trusted certificate is told nothing.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: OpenSSLServer.program)))
struct TLSTests {
    /// CURLE_PEER_FAILED_VERIFICATION
    private let distrust = 60

    @Test(arguments: [OutboundPolicy.service, .provider, .userSupplied(.loopback)])
    func `a certificate that nobody vouches for is refused`(policy: OutboundPolicy) async throws {
        let server = try await OpenSSLServer.start()
        try await withClient(timing: StoppedClock().timing) { client in
            await #expect {
                try await client.send(.get("https://localhost:\(server.port)/"), policy)
            } throws: { error in
                if case OutboundError.transport(code: distrust, _) = error { true } else { false }
            }
        }
    }

    @Test func `a mail server that nobody vouches for gets no mail`() async throws {
        let server = try await OpenSSLServer.start()
        try await withClient { client in
            await #expect {
                try await client.sendMail(mail, smtpURL: "smtps://localhost:\(server.port)")
            } throws: { error in
                if case OutboundError.transport(code: distrust, _) = error { true } else { false }
            }
        }
    }

    @Test func `STARTTLS is used when it is offered, and nothing is said before it`() async throws {
        let server = FakeMailServer(
            extensions: ["STARTTLS"], replies: ["STARTTLS": "220 go ahead"])
        try await withClient { client in
            await #expect(throws: OutboundError.self) {
                try await client.sendMail(mail, smtpURL: server.url(), deadline: .seconds(5))
            }
        }
        #expect(server.lines.prefix(2).map { $0.prefix(4) } == ["EHLO", "STAR"])
        #expect(server.lines.dropFirst(2).allSatisfy { !$0.contains("MAIL") })
    }

    private let mail = OutboundMail(
        from: .init("a@example.com"), to: [.init("b@example.com")], subject: "s", text: "t",
        date: Timestamp(seconds: 0)
    )
}

/// `openssl s_server` with a certificate made for the occasion.
private final class OpenSSLServer: @unchecked Sendable {  // nothing changes once it is made
    static let program = "/usr/bin/openssl"

    let port: Int
    private let server: Process
    private let folder: URL

    /// Starts one on a separate thread, because it waits for other programs.
    static func start() async throws -> OpenSSLServer {
        try await withCheckedThrowingContinuation { continuation in
            onThread { continuation.resume(with: Result { try OpenSSLServer() }) }
        }
    }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "outbound-tls-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let key = folder.appending(path: "key").path
        let certificate = folder.appending(path: "certificate").path
        let (request, _) = try Self.run(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", key, "-out", certificate
        )
        request.waitUntilExit()
        let (server, output) = try Self.run(
            "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate
        )
        self.server = server
        let port = try Self.acceptingPort(output)
        self.port = try #require(port)
    }

    deinit {
        // Not `terminate()`: the program has the signal mask of the thread that started it, which blocks SIGTERM.
        kill(server.processIdentifier, SIGKILL)
        // A leftover in the temporary folder harms nobody.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Reads up to the line `ACCEPT 127.0.0.1:40123`.
    private static func acceptingPort(_ output: FileHandle) throws -> Int? {
        var text = ""
        while let byte = try output.read(upToCount: 1), !byte.isEmpty {
            text += String(decoding: byte, as: UTF8.self)
            let line = text.split(separator: "\n").last ?? ""
            if text.hasSuffix("\n"), line.hasPrefix("ACCEPT") {
                return line.split(separator: ":").last.flatMap { Int($0) }
            }
        }
        return nil
    }

    private static func run(_ arguments: String...) throws -> (Process, output: FileHandle) {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output.fileHandleForReading)
    }
}
