import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a request with a key is done once, however often it is sent. Its change and its answer are
/// stored together or not at all.
@Suite struct IdempotencyTests {
    private func key(_ text: String = "1") -> [(name: String, value: String)] { [("Idempotency-Key", text)] }

    /// Painting happens elsewhere: its effect is not in the database.
    private func paintPath(_ service: TestService) -> String {
        "/api/things/\(ThingID.make(at: service.clock.now))/paint"
    }

    @Test func `A repeat gets the first answer to the byte, and is told so; the work is done once`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let first = try await service.make("Chair", as: caller, key: "1")
            let again = try await service.make("Chair", as: caller, key: "1")
            #expect(first.status == 201)
            #expect(first.header("idempotent-replayed") == nil)
            #expect(again.status == 201)
            #expect(again.bytes == first.bytes)
            #expect(again.header("idempotent-replayed") == "true")
            for name in ["content-type", "etag", "location"] {
                #expect(again.header(name) == first.header(name))
            }
            #expect(try await service.names(of: caller) == ["Chair"])
        }
    }

    @Test
    func `A repeat has its own request id and rate limits, not those of the first`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let first = try await service.make("Chair", as: caller, key: "1")
            service.clock.advance(by: .minutes(5))
            let again = try await service.make("Chair", as: caller, key: "1")
            #expect(again.header("idempotent-replayed") == "true")
            #expect(again.requestID != first.requestID)
            #expect(first.header("x-ratelimit-remaining") == "59")
            #expect(again.header("x-ratelimit-remaining") == "58")
            #expect(again.header("x-ratelimit-reset") == "\((service.clock.now + .seconds(60)).seconds)")
            for name in ["x-ratelimit-remaining", "x-request-id", "content-type", "etag", "cache-control"] {
                #expect(again.values(of: name).count == 1, "\(name)")
            }
            let session = service.auth.session(of: caller.account)
            let bySession = try await service.make("Chair", as: session, key: "1")
            #expect(bySession.bytes == first.bytes)
            #expect(!bySession.headers.contains { $0.name.hasPrefix("x-ratelimit") })
        }
    }

    @Test(arguments: [
        ("/api/things", "Desk"), ("/api/things?_=1", "Desk"), ("/api/client/things", "Chair"),
    ])
    func `The same key for another request is 422 and does nothing`(target: String, name: String) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            _ = try await service.make("Chair", as: caller, key: "1")
            let other = try await service.ask(
                "POST", target, as: caller, ["name": .string(name)], headers: key())
            #expect(other.status == 422)
            #expect(other.code == "IDEMPOTENCY_MISMATCH")
            #expect(try await service.names(of: caller) == ["Chair"])
        }
    }

    @Test
    func `While the first is under way a repeat is 409, and afterwards its answer`() async throws {
        try await TestService.use { service in
            let (caller, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            async let first = service.make("Chair", as: caller, key: "1")
            try await gate.waitForArrival()
            let early = try await service.make("Chair", as: caller, key: "1")
            #expect(early.status == 409)
            #expect(early.code == "CONFLICT")
            let mistaken = try await service.make("Desk", as: caller, key: "1")
            #expect(mistaken.status == 422)
            gate.open()
            let late = try await first
            let again = try await service.make("Chair", as: caller, key: "1")
            #expect(again.bytes == late.bytes)
            #expect(try await service.names(of: caller) == ["Chair"])
        }
    }

    @Test
    func `Nobody sees the change before its answer is kept`() async throws {
        try await TestService.use { service in
            let (caller, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            async let made = service.make("Chair", as: caller, key: "1")
            try await gate.waitForArrival()
            #expect(try await service.names(of: caller).isEmpty)
            gate.open()
            let answer = try await made
            #expect(answer.status == 201)
            #expect(try await service.names(of: caller) == ["Chair"])
        }
    }

    @Test
    func `A fault after the change undoes it, and the same key may try again`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            service.things.afterChange.change { $0 = { _ in throw Mishap() } }
            let failed = try await service.make("Chair", as: caller, key: "1")
            #expect(failed.status == 500)
            #expect(try await service.names(of: caller).isEmpty)
            service.things.afterChange.change { $0 = { _ in } }
            let again = try await service.make("Chair", as: caller, key: "1")
            #expect(again.status == 201)
            #expect(again.header("idempotent-replayed") == nil)
            #expect(try await service.names(of: caller) == ["Chair"])
        }
    }

    @Test
    func `A refusal is not kept: the same key may try again, even with another body`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let refused = try await service.make(" ", as: caller, key: "1")
            #expect(refused.status == 400)
            let made = try await service.make("Chair", as: caller, key: "1")
            #expect(made.status == 201)
        }
    }

    @Test
    func `Keys are the account's: its credentials share them, and another account's are its own`() async throws {
        try await TestService.use { service in
            let (one, other) = (service.auth.key(), service.auth.key())
            let first = try await service.make("Chair", as: one, key: "1")
            let theirs = try await service.make("Desk", as: other, key: "1")
            #expect(theirs.status == 201)
            let second = service.auth.key(of: one.account)
            let again = try await service.make("Chair", as: second, key: "1")
            #expect(again.bytes == first.bytes)
            #expect(try await service.names(of: other) == ["Desk"])
        }
    }

    @Test
    func `Who may not do it does not get the answer of who might`() async throws {
        try await TestService.use { service in
            let writer = service.auth.key()
            _ = try await service.make("Chair", as: writer, key: "1")
            let reader = service.auth.key([.gigsRead], of: writer.account)
            let answer = try await service.make("Chair", as: reader, key: "1")
            #expect(answer.status == 403)
        }
    }

    @Test(arguments: [
        ("", 400), (String(repeating: "k", count: 256), 400), (String(repeating: "k", count: 255), 201),
        ("x", 201), ("a b'; DROP TABLE things", 201), ("~!#$%&()*+,-./:;<=>?@[]^_`{|}\\", 201),
        // Decoded with loss, two of these could become the same key.
        ("é", 400), ("a\u{FFFD}", 400), ("\u{4E00}\u{4E01}", 400), ("a\tb", 400),
    ])
    func `A key has 1 to 255 characters of visible ASCII and spaces`(text: String, status: Int) async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            for _ in 0..<2 {
                let answer = try await service.make("Chair", as: caller, key: text)
                #expect(answer.status == status)
                #expect(answer.issuePaths == (status == 400 ? ["Idempotency-Key"] : []))
            }
            #expect(try await service.names(of: caller) == (status == 201 ? ["Chair"] : []))
        }
    }

    @Test
    func `A key on a read, or from nobody in particular, changes nothing`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            for limit in ["1", "2"] {
                let target = "/api/things?limit=\(limit)"
                let page = try await service.ask("GET", target, as: caller, headers: key())
                #expect(page["limit"] == .integer(Int64(limit) ?? 0))
                let note = try await service.ask("POST", "/api/notes", bytes: [1], headers: key())
                #expect(note.header("idempotent-replayed") == nil)
            }
        }
    }
}

extension IdempotencyTests {
    @Test
    func `An answer is kept for 24 hours; then the key is new`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let first = try await service.make("Chair", as: caller, key: "1")
            service.clock.advance(by: .hours(24))
            #expect(try await service.make("Chair", as: caller, key: "1").bytes == first.bytes)
            service.clock.advance(by: .seconds(1))
            let later = try await service.make("Chair", as: caller, key: "1")
            #expect(later.header("idempotent-replayed") == nil)
            #expect(later.bytes != first.bytes)
            #expect(try await service.names(of: caller) == ["Chair", "Chair"])
        }
    }

    @Test
    func `Old answers are deleted, and only those`() async throws {
        try await TestService.useAlone { service in
            let caller = service.auth.key()
            _ = try await service.make("Chair", as: caller, key: "old")
            service.clock.advance(by: .hours(24) + .seconds(1))
            _ = try await service.make("Desk", as: caller, key: "new")
            try await service.idempotency.prune()
            let left: [String] = try await service.database.all("SELECT key FROM idempotency_keys") {
                try $0.decode("key")
            }
            #expect(left == ["new"])
        }
    }

    @Test
    func `A claim whose process died is taken over after a minute; a process that was late changes nothing`()
        async throws
    {
        try await TestService.use { service in
            let (caller, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            async let late = service.make("Chair", as: caller, key: "1")
            try await gate.waitForArrival()
            service.things.afterChange.change { $0 = { _ in } }
            service.clock.advance(by: Idempotency.lease + .seconds(1))
            let other = try await service.make("Desk", as: caller, key: "1")
            #expect(other.status == 422)
            let taker = try await service.make("Chair", as: caller, key: "1")
            #expect(taker.status == 201)
            gate.open()
            #expect(try await late.status == 409)
            #expect(try await service.names(of: caller) == ["Chair"])
            let again = try await service.make("Chair", as: caller, key: "1")
            #expect(again.bytes == taker.bytes)
        }
    }

    @Test
    func `An answer rests sealed: the table shows nothing of it`() async throws {
        try await TestService.useAlone { service in
            let caller = service.auth.key()
            _ = try await service.make("very secret chair", as: caller, key: "1")
            let rows: [String] = try await service.database.all(
                "SELECT idempotency_keys::text AS line, encode(body, 'escape') AS body FROM idempotency_keys"
            ) { try "\($0.decode("line") as String) \($0.decode("body") as String)" }
            let stored = try #require(rows.first)
            #expect(!stored.contains("secret chair"))
            let sealed: [UInt8] = try await service.database.one("SELECT body FROM idempotency_keys") {
                try $0.decode("body")
            }
            #expect(sealed.firstRange(of: Array("chair".utf8)) == nil)
        }
    }

    @Test
    func `Two answers of the same bytes rest differently, so that nobody can compare them`() async throws {
        try await TestService.useAlone { service in
            let (caller, target) = (service.auth.key(), paintPath(service))
            for text in ["1", "2"] {
                _ = try await service.ask("POST", target, as: caller, headers: key(text))
            }
            let sealed: [[UInt8]] = try await service.database.all("SELECT body FROM idempotency_keys") {
                try $0.decode("body")
            }
            #expect(sealed.count == 2)
            #expect(Set(sealed).count == 2)
        }
    }

    @Test
    func `What reaches beyond the database is done once too, and its answer replayed`() async throws {
        try await TestService.use { service in
            let (caller, target) = (service.auth.key(), paintPath(service))
            let first = try await service.ask("POST", target, as: caller, ["color": "red"], headers: key())
            let again = try await service.ask("POST", target, as: caller, ["color": "red"], headers: key())
            #expect(first.status == 200)
            #expect(again.bytes == first.bytes)
            #expect(again.header("idempotent-replayed") == "true")
            #expect(service.things.paints.value == 1)
        }
    }

    @Test
    func `A repeat has the status and every cookie that the handler chose`() async throws {
        try await TestService.use { service in
            let (caller, target) = (service.auth.key(), paintPath(service))
            for _ in 0..<2 {
                let answer = try await service.ask(
                    "POST", target, as: caller, ["color": "silver"], headers: key())
                #expect(answer.status == 201)
                #expect(answer.values(of: "set-cookie") == ["brush=1", "pot=2"])
            }
            #expect(service.things.paints.value == 1)
        }
    }

    @Test
    func `What reaches beyond the database and fails half-way is resumed by the same key`() async throws {
        try await TestService.use { service in
            let (caller, target) = (service.auth.key(), paintPath(service))
            service.things.afterChange.change { $0 = { _ in throw Refusal.unavailable() } }
            let failed = try await service.ask("POST", target, as: caller, ["color": "red"], headers: key())
            #expect(failed.status == 503)
            #expect(failed.header("retry-after") == "2")
            service.things.afterChange.change { $0 = { _ in } }
            let resumed = try await service.ask("POST", target, as: caller, ["color": "red"], headers: key())
            #expect(resumed.status == 200)
            #expect(resumed.header("idempotent-replayed") == nil)
            #expect(service.things.paints.value == 2)
        }
    }

    @Test
    func `Inside a change no transaction is open for an endpoint that reaches beyond the database`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let isScoped = Shared([Bool]())
            service.things.afterChange.change {
                $0 = { _ in isScoped.change { $0.append(CommitScope.current != nil) } }
            }
            _ = try await service.make("Chair", as: caller, key: "local")
            _ = try await service.ask("POST", paintPath(service), as: caller, headers: key("resumable"))
            _ = try await service.make("Chair", as: caller)
            #expect(isScoped.value == [true, false, false])
        }
    }
}
