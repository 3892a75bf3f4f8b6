import Logging
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: each declared endpoint is answered by its handler, and everything else by a refusal that
/// says what exists.
@Suite struct RoutesTests {
    @Test(arguments: [
        "/", "/api", "/api/nothing", "/api/things/1/2/3", "/nothing/../api", "/API/things", "/favicon.ico",
        "/%2e%2e/etc/passwd",
    ])
    func `A path that nobody declared is 404, in the shape of its surface`(path: String) async throws {
        try await TestService.use { service in
            for method in ["GET", "POST", "DELETE", "PROPFIND"] {
                let answer = try await service.ask(method, path)
                #expect(answer.status == 404)
                #expect(answer.code == "NOT_FOUND")
                #expect(answer.header("allow") == nil)
                #expect(answer["request_id"] == answer.requestID.map { .string($0) })
            }
        }
    }

    @Test(arguments: [
        ("PUT", "/api/things", "DELETE, GET, HEAD, OPTIONS, POST"), ("DELETE", "/docs", "GET, HEAD, OPTIONS"),
        ("GET", "/v1/things", "OPTIONS, POST"), ("PROPFIND", "/api/things/1", "GET, HEAD, OPTIONS, PATCH"),
    ])
    func `A method that a path does not take is 405, with those that it takes`(
        method: String, path: String, allowed: String
    ) async throws {
        try await TestService.use { service in
            let answer = try await service.ask(method, path)
            #expect(answer.status == 405)
            #expect(answer.code == "METHOD_NOT_ALLOWED")
            #expect(answer.header("allow") == allowed)
        }
    }

    @Test(arguments: [
        "/api/things", "/docs", "/api/nothing", "/v1/things",
    ])
    func `HEAD is answered as GET, without the body`(path: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let line = try Line(port: service.port)
            let fields = "Host: x\r\nX-API-Key: \(key.secret)\r\nX-Request-Id: 4711\r\n\r\n"
            try await line.send("GET \(path) HTTP/1.1\r\n\(fields)")
            let full = try await line.answer()
            try await line.send("HEAD \(path) HTTP/1.1\r\n\(fields)")
            let head = try await line.answer(to: "HEAD")
            #expect(head.status == full.status)
            #expect(head.header("content-length") == "\(full.bytes.count)")
            #expect(head.header("content-type") == full.header("content-type"))
            // No part of a body comes before the next answer.
            try await line.send("GET \(path) HTTP/1.1\r\n\(fields)")
            let next = try await line.answer()
            #expect(next.status == full.status)
            #expect(next.bytes == full.bytes)
        }
    }

    @Test
    func `HEAD makes nothing where only a change is declared`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("HEAD", "/api/client/things", as: service.auth.key())
            #expect(answer.status == 405)
            #expect(answer.header("allow") == "OPTIONS, POST")
        }
    }

    @Test(arguments: [
        "/api/things/", "//api//things",
    ])
    func `Slashes at the end or doubled do not lead past the checks`(path: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", path)
            #expect([401, 404].contains(answer.status))
        }
    }

    @Test
    func `A service does not start when an endpoint has no handler, or a handler no declaration`() {
        let routes = Routes()
        routes.handle(Things.clawConnected.note) { _, _ in ThingNote(length: 0) }
        routes.handle(Things.clawConnected.usage) { _, _ in ThingNote(length: 0) }
        let error = #expect(throws: RouteMismatch.self) {
            let declared = [Things.clawConnected.note.operation, Things.clawConnected.clear.operation]
            _ = try routes.complete(for: .messages, declared: declared)
        }
        #expect(error?.missing == ["things.clear"])
        #expect(error?.undeclared == ["things.usage"])
        #expect(error?.description.contains("things.clear") == true)
    }

    @Test
    func `A service does not start when an endpoint has two handlers`() {
        let routes = Routes()
        for _ in 0..<2 { routes.handle(Things.clawConnected.note) { _, _ in ThingNote(length: 0) } }
        #expect(throws: RouteMismatch.self) {
            try routes.complete(for: .messages, declared: [Things.clawConnected.note.operation])
        }
    }

    @Test
    func `A service whose endpoints all have one handler starts`() throws {
        let routes = Routes()
        routes.handle(Things.clawConnected.note) { _, _ in ThingNote(length: 0) }
        let complete = try routes.complete(for: .messages, declared: [Things.clawConnected.note.operation])
        #expect(complete.map(\.operation.id) == ["things.note"])
    }
}
