import Testing

@testable import OutboundHTTP

/// The promise under test: a user's receiver is judged by the head of its answer, and its connections are its own.
@Suite struct DeliveryTests {
    private func deliver(
        to server: RawServer, through client: OutboundHTTP, within deadline: Duration = .seconds(180)
    ) async throws -> OutboundResponse {
        var request = OutboundRequest.patient(.post, server.url(), body: Array("{}".utf8))
        request.maximumResponseBytes = 1024
        request.deadline = deadline
        return try await client.send(request, .delivery(.loopback))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
    ])
    func `a body that breaks off, stalls or makes no sense leaves the head's verdict`(beginning: String) async throws {
        for end in ["close", "reset", "stall"] {
            let server = RawServer { connection in
                _ = connection.request()
                connection.write(beginning)
                if end == "reset" { connection.reset() }
                if end == "stall" { connection.untilClosed() }
            }
            try await withClient { client in
                let response = try await deliver(to: server, through: client)
                #expect(response.status == 200)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(20))) func `a body that drips is not waited for until the deadline`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 202 Accepted\r\ncontent-length: 100000\r\n\r\n")
            while connection.wait(milliseconds: 10) { connection.write("x") }
        }
        try await withClient { client in
            let response = try await deliver(to: server, through: client, within: .seconds(86_400))
            #expect(response.status == 202)
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\0\u{1}\u{2}", "<html></html>"])
    func `what is not HTTP is a broken connection, and not a wrong URL`(greeting: String) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(greeting)
        }
        try await withClient { client in
            await #expect {
                try await deliver(to: server, through: client)
            } throws: { error in
                if case OutboundError.transport = error { true } else { false }
            }
        }
    }

    @Test func `connections are used again, and only after the guard has allowed their address`() async throws {
        let server = RawServer.answering { _ in answer("ok") }
        try await withClient { client in
            for _ in 0..<5 {
                let response = try await deliver(to: server, through: client)
                #expect(response.status == 200)
            }
            #expect(server.connectionCount == 1)
            await #expect(throws: OutboundError.egressRefused(reason: EgressGuard.specialAddress)) {
                var request = OutboundRequest.patient(.post, "http://localhost:\(server.port)/", body: [1])
                request.deadline = .seconds(180)
                _ = try await client.send(request, .delivery(.loopback))
                // The connection to this name is in the pool now.
                let order = TransferOrder(
                    content: .http(.post, body: [1]), url: request.url, headerLines: [], deadline: .now + .seconds(180),
                    connectTimeout: .seconds(180), maximumResponseBytes: 10, egress: EgressGuard(), isDelivery: true,
                    mayBeResent: true)
                _ = try await client.exchange(Exchange(order), through: client.inbox(for: .delivery(EgressGuard())))
            }
            #expect(server.requests.count == 6)
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `a delivery takes no connection of another call, and leaves it none`() async throws {
        let server = RawServer.answering { _ in answer("ok") }
        try await withClient { client in
            try await client.expect(200, from: .get(server.url()), .service)
            let response = try await deliver(to: server, through: client)
            #expect(response.status == 200)
            try await client.expect(200, from: .get(server.url()), .service)
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `a kept connection that is dead costs no attempt`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(answer("ok"))
        }
        try await withClient { client in
            for _ in 0..<3 {
                let response = try await deliver(to: server, through: client)
                #expect(response.status == 200)
            }
        }
    }

    @Test(arguments: [
        (0, "another name"), (10, "expired"), (18, "itself"), (20, "chain"), (9, "not valid yet"), (99, "99"),
    ])
    func `faults of certificates are told apart`(result: Int, words: String) {
        #expect(CertificateFault.words(for: result).contains(words))
    }
}
