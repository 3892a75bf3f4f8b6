import Crypto
import NIOCore
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a large file goes through the service in pieces, and comes back whole or in the parts that
/// are asked for.
@Suite struct UploadTests {
    private static let film: [UInt8] = {
        let piece = String(decoding: (0..<1_250).map { UInt8(32 + $0 / 7 % 90) }, as: UTF8.self)
        return [0, 0, 0, 16] + Array("ftypisom".utf8) + Array(String(repeating: piece, count: 2_000).utf8)
    }()
    private static let type = [(name: "Content-Type", value: "multipart/form-data; boundary=b")]

    private func form(_ bytes: [UInt8], field: String = "film") -> [UInt8] {
        Array("--b\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n".utf8) + bytes
            + Array("\r\n--b--\r\n".utf8)
    }

    private func send(
        _ body: [UInt8], to service: TestService, as caller: Caller?, headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        try await service.ask("POST", "/api/films", as: caller, bytes: body, headers: Self.type + headers)
    }

    @Test func `A file comes back byte for byte, with its digest taken on the way`() async throws {
        try await TestService.use { (service) async throws in
            let key = service.auth.key()
            let sent = try await send(form(Self.film), to: service, as: key)
            #expect(sent.status == 200 && sent["length"] == .integer(Int64(Self.film.count)), "\(sent)")
            #expect(service.things.film.value?.file.digest == Array(SHA256.hash(data: Self.film)))
            let answer = try await service.ask("GET", "/api/films", as: key)
            #expect(answer.status == 200 && answer.bytes == Self.film)
            #expect(answer.header("content-type") == "video/mp4")
            #expect(answer.header("content-disposition") == "inline; filename=\"film.mp4\"")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("content-security-policy")?.hasPrefix("sandbox") == true)
            #expect(answer.header("accept-ranges") == "bytes")
        }
    }

    @Test func `A part of it can be asked for`() async throws {
        try await TestService.use { (service) async throws in
            let key = service.auth.key()
            _ = try await send(form(Self.film), to: service, as: key)
            for (range, expected) in [
                ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=2500000-", 2_500_000..<2_500_012),
                ("bytes=-5", 2_500_007..<2_500_012), ("bytes=2500000-9999999", 2_500_000..<2_500_012),
            ] {
                let answer = try await service.ask("GET", "/api/films", as: key, headers: [("Range", range)])
                #expect(answer.status == 206 && answer.bytes == Array(Self.film[expected]), "\(range)")
                let shown = "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(Self.film.count)"
                #expect(answer.header("content-range") == shown, "\(range)")
                #expect(answer.header("content-length") == "\(expected.count)", "\(range)")
            }
        }
    }

    @Test func `What is no range of it is ignored`() async throws {
        try await TestService.use { (service) async throws in
            let key = service.auth.key()
            let small = Array(Self.film.prefix(100))
            _ = try await send(form(small), to: service, as: key)
            for range in [
                "bytes=5-2", "bytes=9999999-", "bytes=-0", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-",
                "bytes=1-2-3", "bytes=1-\u{301}2",
            ] {
                let answer = try await service.ask("GET", "/api/films", as: key, headers: [("Range", range)])
                #expect(answer.status == 200 && answer.bytes == small, "\(range)")
            }
        }
    }

    @Test func `What is refused is refused as other files are, and not taken`() async throws {
        try await TestService.use { (service) async throws in
            let key = service.auth.key()
            let large = Self.film + [UInt8](repeating: 1, count: ThingEndpoints.film.maximum)
            #expect(try await send(form(large), to: service, as: key).status == 413)
            let other = try await send(form(Array("hello".utf8)), to: service, as: key)
            #expect(other.code == "VALIDATION_FAILED" && other.issuePaths == ["film"])
            let field = try await send(form(Self.film, field: "photo"), to: service, as: key)
            #expect(field.code == "VALIDATION_FAILED" && field.issuePaths == ["photo"])
            #expect(try await send(Array("--b--".utf8), to: service, as: key).issuePaths == ["film"])
            #expect(try await send(Array("nonsense".utf8), to: service, as: key).code == "BAD_REQUEST")
            #expect(try await send(form(Self.film).dropLast(9), to: service, as: key).code == "BAD_REQUEST")
            #expect(try await send(form(Self.film), to: service, as: nil).status == 401)
            #expect(service.things.film.value == nil)
        }
    }

    @Test func `Under one Idempotency-Key the same file is one request, another file is 422`() async throws {
        try await TestService.use { (service) async throws in
            let key = service.auth.key()
            let once = [(name: "Idempotency-Key", value: "film-1")]
            let first = try await send(form(Self.film), to: service, as: key, headers: once)
            let second = try await send(form(Self.film), to: service, as: key, headers: once)
            #expect(first.status == 200 && second.bytes == first.bytes)
            #expect(second.header("idempotent-replayed") == "true")
            #expect(try await send(form(Self.film + [1]), to: service, as: key, headers: once).status == 422)
        }
    }

    @Test func `A link is judged by the handler, and nobody else gets in without a credential`() async throws {
        try await TestService.use { (service) async throws in
            #expect(try await service.ask("GET", "/api/films").status == 401)
            #expect(try await service.ask("GET", "/api/films?signature=made-up").status == 403)
        }
    }

    @Test func `Who does not send on is 408, and a caller that leaves costs nothing`() async throws {
        var limits = ServingLimits()
        limits.patience = .milliseconds(50)
        limits.farewell = .milliseconds(50)
        try await TestService.use(limits: limits) { (service) async throws in
            let line = try Line(port: service.port)
            let key = service.auth.key().headers.map { "\($0.name): \($0.value)\r\n" }.joined()
            let type = "Content-Type: multipart/form-data; boundary=b\r\n"
            try await line.send("POST /api/films HTTP/1.1\r\nHost: x\r\n\(key)\(type)Content-Length: 500000\r\n\r\n")
            try await line.send(Array(form(Self.film).prefix(300_000)))
            #expect(try await line.answer().status == 408)
            #expect(service.things.film.value == nil)
        }
    }
}
