import Foundation
import Testing

@testable import OutboundHTTP

/// The promise under test: a name is judged by the address that is connected to, whatever it was a moment before. Runs under
/// `Tests/egress/run`, which has its own name server.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GUILDHALL_REBINDING_NAMES"] == "on"))
struct RebindingTests {
    /// Where names.py has a web server, at an address that looks public.
    private static let publicPort = 8080

    private func outcome(of name: String, port: Int, _ egress: EgressGuard = EgressGuard()) async throws -> String {
        try await withClient { client in
            do {
                let url = "http://\(name).rebind.test:\(port)/"
                let response = try await client.send(.get(url), .delivery(egress))
                return String(decoding: response.body, as: UTF8.self)
            } catch OutboundError.egressRefused {
                return "refused"
            } catch OutboundError.connectFailed {
                return "no connection"
            }
        }
    }

    @Test(arguments: [
        "loopback", "metadata", "private", "unspecified", "alias", "alias2", "loopback6", "mapped6", "translated6",
        "tunnelled6", "link6", "unique6",
    ])
    func `a name of an address of ours is refused at the socket`(name: String) async throws {
        let server = RawServer.answering { _ in answer("secret") }
        try EgressGuard().check(url: "http://\(name).rebind.test:\(server.port)/")
        #expect(try await outcome(of: name, port: server.port) == "refused")
        #expect(server.connectionCount == 0)
    }

    @Test func `a name that turns to us after its first answer is refused from then on`() async throws {
        #expect(try await outcome(of: "public", port: Self.publicPort) == "public")
        #expect(try await outcome(of: "turning-1", port: Self.publicPort) == "public")
        for _ in 0..<3 { #expect(try await outcome(of: "turning-1", port: Self.publicPort) == "refused") }
    }

    @Test(arguments: ["both", "reversed"])
    func `of a name with a public address and ours, only the public one is tried`(name: String) async throws {
        let server = RawServer.answering { _ in answer("secret") }
        // Nobody listens there at the public address: the other one must not be the way out.
        #expect(try await outcome(of: name, port: server.port) != "secret")
        #expect(server.connectionCount == 0)
        #expect(try await outcome(of: name, port: Self.publicPort) != "secret")
    }

    @Test func `a name of an address that the operator has closed is refused, and of another is not`() async throws {
        let outcomes = try await withClient { client in
            var outcomes: [Int] = []
            for _ in 0..<2 {
                let url = "http://public.rebind.test:\(Self.publicPort)/"
                outcomes.append(try await client.send(.get(url), .delivery(EgressGuard())).status)
            }
            return outcomes
        }
        #expect(outcomes == [200, 200])
        let denied = EgressGuard(denying: [try #require(CIDR("93.184.216.0/24"))])
        #expect(try await outcome(of: "public", port: Self.publicPort, denied) == "refused")
    }
}
