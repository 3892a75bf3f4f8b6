import Foundation
import Testing

@testable import OutboundHTTP

/// The promise under test: no form of a URL reaches this machine, its network, or another service than the web.
@Suite struct HostileURLTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "egress/hostile-urls.txt")

    /// Lines without a number sign and a space in front. `{port}` is where a server of ours listens.
    private func forms(port: Int) throws -> [String] {
        try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("# ") }.map { $0.replacing("{port}", with: "\(port)") }
    }

    @Test func `each of more than 150 hostile forms is refused when it is registered, and when it is called`()
        async throws
    {
        let server = RawServer.answering { _ in answer("secret") }
        let forms = try forms(port: server.port)
        #expect(Set(forms).count == forms.count && forms.count > 150)
        try await withClient { client in
            for form in forms {
                #expect(throws: OutboundError.self, "\(form)") { try EgressGuard().check(url: form) }
                for policy in [OutboundPolicy.userSupplied(EgressGuard()), .delivery(EgressGuard())] {
                    await #expect(throws: OutboundError.self, "\(form)") {
                        try await client.send(.get(form, deadline: .seconds(2)), policy)
                    }
                }
            }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `what the operator closes is closed in every spelling`() throws {
        let own = EgressGuard(denying: [try #require(CIDR("8.8.8.0/24")), try #require(CIDR("2a00:1450::/32"))])
        for host in ["8.8.8.8", "0x08080808", "134744072", "010.010.010.010", "8.8.2056", "[2a00:1450::1]", "8.8.8.8."]
        {
            #expect(throws: OutboundError.egressRefused(reason: EgressGuard.specialAddress), "\(host)") {
                try own.check(url: "https://\(host)/hook")
            }
        }
        try own.check(url: "https://8.8.9.8/hook")
    }
}
