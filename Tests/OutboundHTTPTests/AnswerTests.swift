import Glibc
import OutboundHTTP
import Testing

/// The promise under test: both sides receive exactly what the other side sent.
@Suite struct AnswerTests {
    @Test(arguments: OutboundRequest.Method.allCases)
    func `every method arrives with its headers, and its body where it has one`(
        method: OutboundRequest.Method
    ) async throws {
        let server = RawServer.answering { _ in answer("") }
        let body: [UInt8]? = method.isWrite ? Array("grüße\0".utf8) : nil
        let headers: [(name: String, value: String)] = [
            ("X-Request-Id", "abc"), ("x-empty", ""), ("content-type", "a/b"),
        ]
        let request = OutboundRequest.patient(method, server.url("/path?q=1"), headers: headers, body: body)
        _ = try await withClient { try await $0.send(request, .service) }
        let seen = try #require(server.requests.first)
        #expect(seen.line == "\(method.rawValue) /path?q=1 HTTP/1.1")
        #expect(seen.headers["x-request-id"] == "abc")
        #expect(seen.headers["x-empty"] == "")
        #expect(seen.headers["content-type"] == "a/b")
        #expect(seen.headers["user-agent"] == "Guildhall")
        #expect(seen.headers["expect"] == nil)
        #expect(seen.body == body ?? [])
    }

    @Test func `a write without a body says so`() async throws {
        let server = RawServer.answering { _ in answer("") }
        _ = try await withClient {
            try await $0.send(OutboundRequest.patient(.post, server.url()), .service)
        }
        let seen = try #require(server.requests.first)
        #expect(seen.line == "POST / HTTP/1.1")
        #expect(seen.headers["content-length"] == "0")
        #expect(seen.headers["content-type"] == nil)
    }

    @Test(arguments: [200, 204, 301, 400, 404, 409, 422, 500, 503])
    func `any status is an answer`(status: Int) async throws {
        let server = RawServer.answering { _ in
            "HTTP/1.1 \(status) Whatever\r\nX-Some: a\r\nx-some: b\r\nContent-Length: 0\r\n\r\n"
        }
        let response = try await withClient { try await $0.send(.get(server.url()), .service) }
        #expect(response.status == status)
        #expect(response.header("X-SOME") == "a")
        #expect(
            response.headers.filter { $0.name.lowercased() == "x-some" }.map(\.value) == ["a", "b"])
        #expect(response.duration > .zero)
    }

    @Test func `a chunked body with trailers after an interim answer is put together`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")
            connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            connection.write("5\r\nhello\r\n6\r\n world\r\n0\r\nx-late: 1\r\n\r\n")
        }
        let response = try await withClient { try await $0.send(.get(server.url()), .service) }
        #expect(String(decoding: response.body, as: UTF8.self) == "hello world")
        #expect(response.header("link") == nil)
        #expect(response.header("x-late") == nil)
    }

    @Test(arguments: [OutboundPolicy.service, .provider, .userSupplied(.loopback)])
    func `a redirect is an answer and not followed`(policy: OutboundPolicy) async throws {
        let server = RawServer.answering { _ in
            answer("", status: "302 Found", headers: "location: /elsewhere\r\n")
        }
        let response = try await withClient { try await $0.send(.get(server.url()), policy) }
        #expect(response.status == 302)
        #expect(response.header("location") == "/elsewhere")
        #expect(server.requests.map(\.path) == ["/"])
    }

    @Test func `cookies are not kept`() async throws {
        let server = RawServer.answering { _ in answer("", headers: "set-cookie: a=b\r\n") }
        try await withClient { client in
            for _ in 0..<2 { _ = try await client.send(.get(server.url()), .service) }
        }
        #expect(server.requests.count == 2)
        #expect(server.requests.allSatisfy { $0.headers["cookie"] == nil })
    }

    @Test func `a form is encoded as one`() {
        let request = OutboundRequest.form(
            .post, "http://a/",
            form: [("amount", "100"), ("metadata[a b]", "x&y=ü+*-._"), ("e", "")])
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "amount=100&metadata%5Ba+b%5D=x%26y%3D%C3%BC%2B*-._&e=")
    }

    @Test(arguments: [
        ("x-a", "b\r\nx-injected: 1"), ("x-a", "b\nc"), ("x-a", "b\0c"), ("x-a\r\nx-b", "c"),
        ("x a", "b"), ("", "b"),
        ("x:y", "b"), ("Content-Length", "5"), ("transfer-encoding", "chunked"), ("ü", "b"),
    ])
    func `a header that would break the message is refused`(name: String, value: String)
        async throws
    {
        let server = RawServer.answering { _ in answer("") }
        let request = OutboundRequest.patient(.get, server.url(), headers: [(name, value)])
        try await withClient { client in
            await #expect { try await client.send(request, .service) } throws: { error in
                if case OutboundError.invalidHeader = error { true } else { false }
            }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `an idempotency key cannot inject a header`() async throws {
        let request = OutboundRequest(.post, "http://127.0.0.1:1/", idempotencyKey: "a\r\nx: y")
        try await withClient { client in
            await #expect(throws: OutboundError.invalidHeader(name: "Idempotency-Key")) {
                try await client.send(request, .provider)
            }
        }
    }

    @Test(arguments: [
        "", "/path", "http://", "http://a b/", "http://a/\r\nx", "http://a/\u{7F}", "http://ü/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/", "gopher://127.0.0.1/", "smtp://127.0.0.1/",
        "http://user:secret@127.0.0.1/",
        "http://a/\0", "http://127.0.0.1:99999/", "dict://127.0.0.1/", "unix:/tmp/x",
    ])
    func `a URL that is not plain http or https is refused`(url: String) async throws {
        try await withClient { client in
            await #expect(throws: OutboundError.invalidURL) {
                try await client.send(.get(url), .service)
            }
        }
    }

    @Test func `a call inside a transaction is refused`() async throws {
        let server = RawServer.answering { _ in answer("") }
        try await withClient(refuseWhen: { true }) { client in
            await #expect(throws: OutboundError.insideTransaction) {
                try await client.send(.get(server.url()), .service)
            }
            await #expect(throws: OutboundError.insideTransaction) {
                try await client.stream(.get(server.url()), .service)
            }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `the proxy that the environment names is ignored`() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:1", 1)
            }
            setenv("no_proxy", "", 1)
            let server = RawServer.answering { _ in answer("direct") }
            let response = try await withClient { try await $0.send(.get(server.url()), .service) }
            #expect(response.status == 200)
        }
    }
}

extension EgressGuard {
    /// What a development machine allows.
    static let loopback = EgressGuard(allowing: CIDR("127.0.0.0/8").map { [$0] } ?? [])
}
