import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: nobody overwrites a version that they have not seen, or receives one again that they have.
@Suite struct TagTests {
    @Test func `a version is named on whichever day it was shown`() {
        for header in ["\"v5\"", "\"v5-20000\"", "W/\"v5-1\"", "*", "\"v4\", \"v5\""] {
            #expect(TagCondition(header)?.names(version: 5) == true, "\(header)")
        }
        for header in ["\"v50\"", "\"v4\"", "v5", "\"v5.1\"", ""] {
            #expect(TagCondition(header)?.names(version: 5) == false, "\(header)")
        }
    }

    @Test
    func `A thing has a tag that changes with it`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let first = try await service.ask("GET", path, as: key)
            #expect(first.header("etag") == "\"v1\"")
            let changed = try await service.ask("PATCH", path, as: key, ["name": "Desk"])
            #expect(changed.header("etag") == "\"v2\"")
            #expect(try await service.ask("GET", path, as: key).header("etag") == "\"v2\"")
        }
    }

    @Test(arguments: [
        "\"v1\"", "W/\"v1\"", "*", "\"v0\", \"v1\"", "\"v1\",\"v9\"", "\"v0\" , W/\"v1\"",
    ])
    func `A change of a version that still stands is made, however the tag is written`(condition: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask(
                "PATCH", path, as: key, ["name": "Desk"], headers: [("If-Match", condition)])
            #expect(answer.status == 200)
            #expect(try await service.names(of: key) == ["Desk"])
        }
    }

    @Test(arguments: [
        "\"v0\"", "\"v2\"", "v1", "\"1\"", "\"v1", "\"\"", "", "W/\"v2\"", "\"v0\", \"v2\"", "\"v10\"",
    ])
    func `A change of another version is 412 and not made`(condition: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask(
                "PATCH", path, as: key, ["name": "Desk"], headers: [("If-Match", condition)])
            #expect(answer.status == 412)
            #expect(answer.code == "PRECONDITION_FAILED")
            #expect(try await service.names(of: key) == ["Chair"])
        }
    }

    @Test
    func `Conditions over several lines are one list`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask(
                "PATCH", path, as: key, ["name": "Desk"],
                headers: [("If-Match", "\"v0\""), ("If-Match", "\"v1\"")])
            #expect(answer.status == 200)
        }
    }

    @Test
    func `Of two who have seen the same version one is told that the other was faster`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let condition = [(name: "If-Match", value: "\"v1\"")]
            async let one = service.ask("PATCH", path, as: key, ["name": "One"], headers: condition)
            async let other = service.ask("PATCH", path, as: key, ["name": "Other"], headers: condition)
            #expect(try await [one.status, other.status].sorted() == [200, 412])
        }
    }

    @Test(arguments: [
        "\"v1\"", "W/\"v1\"", "*", "\"v7\", \"v1\"",
    ])
    func `A reader who has the version already gets 304 without a body`(condition: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask("GET", path, as: key, headers: [("If-None-Match", condition)])
            #expect(answer.status == 304)
            #expect(answer.header("etag") == "\"v1\"")
            #expect(answer.header("content-type") == nil)
            #expect(answer.header("x-ratelimit-remaining") != nil)
            #expect(answer.requestID != nil)
        }
    }

    @Test(arguments: [
        "\"v0\"", "W/\"v2\"", "", "v1",
    ])
    func `A reader who has another version gets the present one`(condition: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let answer = try await service.ask("GET", path, as: key, headers: [("If-None-Match", condition)])
            #expect(answer.status == 200)
            #expect(answer["name"] == "Chair")
        }
    }

    @Test
    func `What has no tag is never unmodified, and what is not there neither`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let any = [(name: "If-None-Match", value: "*")]
            let untagged = try await service.ask("GET", "/api/things", as: key, headers: any)
            #expect(untagged.status == 200)
            let path = "/api/things/\(ThingID.make(at: service.clock.now))"
            let missing = try await service.ask("GET", path, as: key, headers: any)
            #expect(missing.status == 404)
        }
    }

    @Test
    func `A connection goes on after a 304`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let path = try await service.makeChair(as: key)
            let line = try Line(port: service.port)
            let fields = "Host: x\r\nX-API-Key: \(key.secret)\r\nIf-None-Match: \"v1\"\r\n\r\n"
            for _ in 0..<2 {
                try await line.send("GET \(path) HTTP/1.1\r\n\(fields)")
                #expect(try await line.answer().status == 304)
            }
        }
    }
}
