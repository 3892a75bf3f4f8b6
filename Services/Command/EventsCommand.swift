import ArgumentParser
import Foundation
import Logging
import OutboundHTTP
import SharedModels

struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Prints an account's events as JSON lines, oldest first and each at least once.",
        discussion: "GUILDHALL_API_KEY is a key with the scope notifications:read.")

    @Flag(help: "Goes on with what happens from now on.")
    var follow = false

    @Option(help: "The file that remembers the last event that was printed. Without it the oldest event comes first.")
    var cursorFile: String?

    @Option(help: "Where Guildhall is.")
    var url = "http://127.0.0.1:8080"

    func run() async throws {
        guard let key = ProcessInfo.processInfo.environment["GUILDHALL_API_KEY"], !key.isEmpty else {
            throw ValidationError("GUILDHALL_API_KEY must be an API key with the scope notifications:read.")
        }
        let http = OutboundHTTP(logger: Logger(label: "events"))
        let follower = EventFollower(
            http: http, url: url, key: key, cursor: CursorFile(path: cursorFile),
            print: { line in FileHandle.standardOutput.write(Data(line + [UInt8(ascii: "\n")])) })
        do {
            try await follower.run(following: follow)
        } catch let refusal as EventFollower.Refused {
            FileHandle.standardError.write(Data("guildhallctl events: \(refusal)\n".utf8))
            await http.shutdown()
            throw ExitCode(1)
        }
        await http.shutdown()
    }
}

/// Remembers the last event that was printed.
struct CursorFile: Sendable {
    /// `nil` remembers nothing beyond this run.
    let path: String?

    func read() throws -> String? {
        guard let path, FileManager.default.fileExists(atPath: path) else { return nil }
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    /// The file is whole at every moment: a crash leaves the former event in it.
    func write(_ event: String) throws {
        guard let path else { return }
        try Data("\(event)\n".utf8).write(to: URL(filePath: path), options: .atomic)
    }
}

/// Reads the feed and then its stream, and begins again where it was when a connection ends.
struct EventFollower: Sendable {
    /// The server does not let us read on; trying again is of no use.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private static let shortestPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(30)
    /// Heartbeats come every 15 s.
    private static let silence = Duration.seconds(45)

    let http: OutboundHTTP
    let url: String
    let key: String
    let cursor: CursorFile
    /// Gets one line of JSON. The cursor moves when it has returned.
    let print: @Sendable ([UInt8]) throws -> Void

    func run(following: Bool) async throws {
        var (last, pause) = (try cursor.read(), Self.shortestPause)
        while !Task.isCancelled {
            do {
                try await catchUp(&last)
                guard following else { return }
                let before = last
                try await stream(&last)
                pause = last == before ? min(pause * 2, Self.longestPause) : Self.shortestPause
            } catch let error as OutboundError {
                guard following else { throw Refused(description: "\(url) cannot be reached: \(error)") }
                pause = min(pause * 2, Self.longestPause)
            }
            // A cancelled wait needs no handling: the loop's condition ends it.
            try? await Task.sleep(for: pause)
        }
    }

    /// Prints what is there, page by page.
    private func catchUp(_ last: inout String?) async throws {
        while true {
            let after = last.map { "&after=\($0)" } ?? ""
            let answer = try await http.send(request("/api/events?limit=100\(after)"), .service)
            try check(answer.status, answer.body)
            let page = try JSONValue.parse(answer.body)
            for event in page["events"]?.array ?? [] {
                try show(event.bytes, event["id"]?.string, &last)
            }
            guard page["next_cursor"]?.string != nil else { return }
        }
    }

    /// Prints what comes, until the connection ends.
    private func stream(_ last: inout String?) async throws {
        var request = request("/api/events/stream")
        if let last { request.headers.append(("Last-Event-ID", last)) }
        request.idleTimeout = Self.silence
        let stream = try await http.stream(request, .service)
        var refusal: [UInt8] = []
        guard stream.head.status == 200 else {
            for try await piece in stream { refusal += piece }
            return try check(stream.head.status, refusal)
        }
        // Without a place to go on from, it begins with now: what happened before it was open is looked up again.
        if last == nil { try await catchUp(&last) }
        for try await event in ServerSentEvents(stream) {
            try show(Array(event.data.utf8), event.id, &last)
        }
    }

    private func show(_ line: [UInt8], _ id: String?, _ last: inout String?) throws {
        try print(line)
        guard let id, !id.isEmpty else { return }
        try cursor.write(id)
        last = id
    }

    /// - Throws: ``Refused`` when another attempt would get the same answer.
    private func check(_ status: Int, _ body: [UInt8]) throws {
        guard status != 200 else { return }
        // A refusal that is no JSON has no message.
        let message = (try? JSONValue.parse(body))?["message"]?.string ?? "no reason given"
        if status < 500, status != 429, status != 408 { throw Refused(description: "\(status): \(message)") }
        throw OutboundError.connectFailed(reason: "\(status): \(message)")
    }

    private func request(_ path: String) -> OutboundRequest {
        var request = OutboundRequest(.get, url + path, headers: [Authorization.showing(key)])
        request.deadline = .seconds(20)
        return request
    }
}
