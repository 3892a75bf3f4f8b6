import Testing

@testable import OutboundHTTP

/// The promise under test: a URL that a user gives us leads nowhere near us.
@Suite struct EgressTests {
    private let closed = EgressGuard()

    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
        "::8.8.8.8",
        "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1",
        "ff02::1",
    ])
    func `a special address is refused`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!closed.allows(address: address))
        let host = text.contains(":") ? "[\(text)]" : text
        #expect(
            throws: OutboundError.egressRefused(reason: "the address is not on the public internet")
        ) {
            try closed.check(url: "https://\(host):8443/hook")
        }
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "193.0.0.0", "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1", "2001:4860:4860::8888",
    ])
    func `a public address is allowed`(text: String) throws {
        #expect(closed.allows(address: try #require(IPAddress(text))))
        let host = text.contains(":") ? "[\(text)]" : text
        try closed.check(url: "http://\(host)/hook")
    }

    @Test(arguments: [
        "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/", "http://127.1/", "http://0/",
        "http://0x7f000001/", "http://017700000001/", "http://127.0.0.1./", "http://127%2e0.0.1/",
        "http://%31%32%37.0.0.1/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/",
        "http://[::1%25lo]/",
        "http://localhost/", "http://LOCALHOST:8080/", "http://localhost./", "http://a.localhost/",
        "http://user@8.8.8.8/", "http://user:secret@8.8.8.8/", "http://:secret@8.8.8.8/",
        "http://8.8.8.8@127.0.0.1/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://8.8.8.8/",
        "javascript:alert(1)",
        "http://127.0.0.1\\@8.8.8.8/", "http://①②⑦.⓪.⓪.①/", "//8.8.8.8/", "8.8.8.8", "",
    ])
    func `no spelling gets around the check`(url: String) {
        #expect(throws: OutboundError.self) { try closed.check(url: url) }
    }

    @Test(arguments: [
        "https://example.com/hook", "http://example.com:8080/a?b=c",
        "https://xn--bcher-kva.example/", "HTTPS://Example.COM",
        "https://hooks.slack.com/services/T0/B0/x",
    ])
    func `an ordinary URL passes the first check`(url: String) throws {
        try closed.check(url: url)
    }

    @Test(arguments: [1, 21, 22, 25, 79, 81, 110, 445, 993, 1023, 3306, 5432, 6379, 9200, 11211, 27017, 65_536])
    func `a port of another service is refused, whatever the address`(port: Int) {
        for host in ["8.8.8.8", "example.com", "127.0.0.1", "[2606:4700:4700::1111]"] {
            #expect(throws: OutboundError.self) { try EgressGuard.loopback.check(url: "http://\(host):\(port)/hook") }
        }
    }

    @Test(arguments: [80, 443, 1024, 3000, 8080, 8443, 49_152, 65_535])
    func `a port of the web, or a high one, is allowed`(port: Int) throws {
        try closed.check(url: "http://example.com:\(port)/hook")
    }

    @Test func `the operator's own public ranges are closed to users, and open to the operator`() throws {
        let own = try EgressGuard(allowing: [#require(CIDR("127.0.0.0/8"))], denying: [#require(CIDR("8.8.8.0/24"))])
        for (text, isAllowed) in [("8.8.8.8", false), ("8.8.9.8", true), ("127.0.0.1", true), ("10.0.0.1", false)] {
            #expect(try own.allows(address: #require(IPAddress(text))) == isAllowed)
            #expect(try EgressGuard.open.allows(address: #require(IPAddress(text))))
        }
        #expect(throws: OutboundError.egressRefused(reason: EgressGuard.specialAddress)) {
            try own.check(url: "https://8.8.8.8/hook")
        }
        try EgressGuard.open.check(url: "http://10.0.0.1:25/telegram")
    }

    @Test func `ranges are read strictly`() throws {
        for text in ["127.0.0.0/8", "::1/128", "0.0.0.0/0", "::/0", "127.0.0.1", "fd00::/8"] {
            #expect(CIDR(text) != nil, "\(text)")
        }
        for text in [
            "", "/8", "127.0.0.0/", "127.0.0.0/33", "127.0.0.1/8", "::/129", "127/8", "a/8",
            "::1/-1", "1.2.3.4/+8", "1.2.3.4/8/9",
        ] {
            #expect(CIDR(text) == nil, "\(text)")
        }
        let range = try #require(CIDR("10.1.0.0/16"))
        #expect(range.contains(try #require(IPAddress("10.1.255.255"))))
        #expect(!range.contains(try #require(IPAddress("10.2.0.0"))))
        #expect(!range.contains(try #require(IPAddress("::ffff:10.1.0.1"))))
    }

    @Test func `the open range opens it, for the address and for a name of it`() async throws {
        let server = RawServer.answering { _ in answer("") }
        try await withClient { client in
            for url in [server.url(), "http://localhost:\(server.port)/"] {
                try await client.expect(200, from: .get(url), .userSupplied(.loopback))
                await #expect { try await client.send(.get(url), .userSupplied(closed)) } throws: {
                    error in
                    if case OutboundError.egressRefused = error { true } else { false }
                }
            }
        }
        #expect(server.requests.count == 2)
    }

    /// `localhost` stands for any name that resolves to loopback: these transfers skip the check of
    /// the URL.
    @Test
    func `a name that resolves to loopback is refused at the socket, pooled connection or not`()
        async throws
    {
        let server = RawServer.answering { _ in answer("secret") }
        let url = "http://localhost:\(server.port)/"
        let thread = TransferThread(
            userAgent: "test", maximumConcurrent: 4, queueLimit: 4, counters: OutboundCounters())
        func send(_ egress: EgressGuard?) async throws -> Int {
            let exchange = Exchange(.get(url, egress: egress))
            try thread.inbox.start(exchange)
            return try await exchange.response().status
        }
        #expect(try await send(nil) == 200)  // leaves a connection in the pool
        await #expect(throws: OutboundError.egressRefused(reason: EgressGuard.specialAddress)) {
            try await send(closed)
        }
        #expect(try await send(.loopback) == 200)
        #expect(try await send(nil) == 200)
        #expect(server.requests.count == 3)
        #expect(server.connectionCount == 2)  // the guarded call took no pooled connection and left none
        await thread.stop(by: .now)
    }
}

extension TransferOrder {
    fileprivate static func get(_ url: String, egress: EgressGuard?) -> Self {
        Self(
            content: .http(.get, body: nil), url: url, headerLines: [],
            deadline: .now + .seconds(180),
            connectTimeout: .seconds(180), maximumResponseBytes: 1000, egress: egress,
            mayBeResent: true
        )
    }
}
