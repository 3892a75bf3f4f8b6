import Logging
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: each request gets one line, every line is JSON, and no line holds a secret.
@Suite struct LogTests {
    @Test
    func `A request leaves one line, with who asked for what and how it ended`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let answer = try await service.make("Chair", as: key)
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.count == 1)
            let line = try #require(lines.first)
            #expect(
                line.object?.map(\.name) == [
                    "time", "level", "service", "message", "request_id", "method", "path", "endpoint", "status",
                    "bytes", "duration_us", "user_id",
                ])
            #expect(line["service"] == "messages")
            #expect(line["method"] == "POST")
            #expect(line["path"] == "/api/things")
            #expect(line["endpoint"] == "things.create")
            #expect(line["status"] == 201)
            #expect(line["bytes"] == .integer(Int64(answer.bytes.count)))
            #expect(line["user_id"] == .string(key.account.description))
            #expect(line["time"]?.string.flatMap { Timestamp($0) } != nil)
            #expect(line["duration_us"]?.integer.map { $0 >= 0 } == true)
        }
    }

    @Test(arguments: [
        ("GET", "/api/things", 401), ("GET", "/api/nothing", 404), ("PUT", "/api/things", 405),
        ("OPTIONS", "/api/things", 204),
    ])
    func `What nobody let in, and what no endpoint answers, leaves a line too`(
        method: String, path: String, status: Int64
    ) async throws {
        try await TestService.use { service in
            let answer = try await service.ask(method, path)
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.map { $0["status"] } == [.integer(status)])
            #expect(lines.first?["method"] == .string(method))
            #expect(lines.first?["path"] == .string(path))
            #expect(lines.first?["user_id"] == nil)
        }
    }

    @Test
    func `Neither credentials nor bodies nor queries are logged`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let answer = try await service.ask(
                "POST", "/api/things?utm_source=open-sesame", as: key, ["name": "very secret chair"],
                headers: [("Cookie", "guildhall_session=open-sesame"), ("Idempotency-Key", "open-sesame")])
            #expect(answer.status == 201)
            let lines = try service.log.lines(of: try #require(answer.requestID))
            let text = String(decoding: JSONValue.array(lines).bytes, as: UTF8.self)
            #expect(lines.count == 1)
            for secret in ["sesame", key.secret, "secret chair"] { #expect(!text.contains(secret)) }
        }
    }

    @Test(arguments: ["/a\"b", "/a%0A{\"level\":\"error\"}", "/\\u0022"])
    func `A path cannot forge a line`(path: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", path)
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.map { $0["path"] } == [.string(path)])
        }
    }

    @Test
    func `A record of the log is one line of JSON, with the request that the task works for`() throws {
        let id = "record-\(ThingID.make(at: SystemClock().now))"
        let output = TestLog.shared.output
        var logger = Logger(label: "jobs") { JSONLogHandler(label: $0, level: .info, output: output) }
        logger[metadataKey: "port"] = "1"
        RequestTrace.$current.withValue(RequestTrace(requestID: id)) {
            logger.debug("not said")
            logger.warning("gig \"posted\"\nby hand", metadata: ["gig": "7", "port": "2"])
        }
        let lines = try TestLog.shared.lines(of: id)
        #expect(lines.count == 1)
        let names = lines.first?.object?.map(\.name)
        #expect(names == ["time", "level", "service", "message", "request_id", "gig", "port"])
        #expect(lines.first?["level"] == "warning")
        #expect(lines.first?["message"] == "gig \"posted\"\nby hand")
        #expect(lines.first?["port"] == "2")
    }
}
