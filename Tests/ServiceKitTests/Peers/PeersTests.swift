import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a call between services is identified by its token and its request, and a refusal means the
/// same on both sides.
@Suite struct PeersTests {
    /// Jobs, as seen by the service under test.
    private func peers(of service: TestService) -> Peers {
        Peers(
            addresses: [.messages: service.url],
            tokens: ServiceTokens(secret: RotatingSecret(Secret(TestService.secret)), issuer: .jobs), http: service.http
        )
    }

    private func count(_ label: String, by service: TestService) async throws -> ThingNote {
        let id = ThingID.make(at: service.clock.now).description
        let part = ThingPart(label: label)
        return try await peers(of: service).call(Things.internal.count, part, path: ["id": id])
    }

    @Test
    func `A call arrives with its token, its input and the request that caused it`() async throws {
        try await TestService.use { service in
            let seen = Shared([String]())
            service.things.afterChange.change {
                $0 = { call in
                    let facts = [call.service.rawValue, call.id, call.trace.traceparent ?? "none"]
                    seen.change { $0 = facts }
                }
            }
            let context = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let trace = RequestTrace(requestID: "4711", traceparent: context)
            let note = try await RequestTrace.$current.withValue(trace) {
                try await count("four", by: service)
            }
            #expect(note.length == 4)
            #expect(seen.value == ["jobs", "4711", context])
        }
    }

    @Test
    func `A peer's refusal is passed on as it is`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change {
                $0 = { _ in throw Refusal.conflict("It is sold.", allowed: ["paint"]) }
            }
            let error = await #expect(throws: PeerRefusal.self) { try await count("four", by: service) }
            #expect(error?.status == 409)
            #expect(error?.code == .conflict)
            #expect(error?.publicMessage == "It is sold.")
            #expect(error?.allowed == ["paint"])
            #expect(error?.logDetail == "internal.things.count answered 409")
        }
    }

    @Test
    func `What a peer finds wrong with the input is named to our own caller`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change { $0 = { _ in throw Refusal.validation("label", "is taken") } }
            let error = await #expect(throws: PeerRefusal.self) { try await count("four", by: service) }
            #expect(error?.code == .validationFailed)
            #expect(error?.issues == [InputIssue(path: "label", message: "is taken")])
        }
    }

    @Test
    func `A peer that cannot right now says when to try again`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change {
                $0 = { _ in throw Refusal.unavailable(retryAfter: .seconds(9)) }
            }
            let error = await #expect(throws: PeerRefusal.self) { try await count("four", by: service) }
            #expect(error?.code == .serviceUnavailable)
            #expect(error?.retryAfter == .seconds(9))
        }
    }

    @Test(arguments: [
        (500, #"{"error":{"code":"INTERNAL_ERROR","message":"boom"}}"#),
        (401, #"{"error":{"code":"UNAUTHORIZED","message":"no token"}}"#), (502, "<html>Bad Gateway</html>"),
        (418, ""), (400, #"{"error":{"code":"SOMETHING_NEW","message":"boom"}}"#),
    ])
    func `A peer's fault, or its doubt about us, is no fault of our caller`(status: Int, body: String) {
        let refusal = PeerRefusal(
            Things.internal.count.operation, OutboundResponse(status: status, body: Array(body.utf8)))
        #expect(refusal.code == .serviceUnavailable)
        #expect(!refusal.publicMessage.contains("boom"))
        #expect(refusal.logDetail == "internal.things.count answered \(status)")
    }

    @Test
    func `A peer that nobody answers for is an error of the call, which is answered 503`() async throws {
        try await TestService.use { service in
            let nobody = Peers(
                addresses: [.messages: "http://127.0.0.1:1"], tokens: service.tokens, http: service.http)
            let part = ThingPart(label: "four")
            service.things.afterChange.change {
                $0 = { call in _ = try await nobody.call(Things.internal.count, part, path: ["id": call.id]) }
            }
            let answer = try await service.make("Chair", as: service.auth.key())
            #expect(answer.status == 503)
            #expect(answer.header("retry-after") == "2")
        }
    }

    @Test
    func `What stands in a path is encoded, so that it cannot become another path`() async throws {
        try await TestService.use { service in
            let request = try await peers(of: service).request(
                Things.internal.count.operation, body: nil, path: ["id": "../../metrics?a=b#c"],
                deadline: .seconds(1))
            #expect(request.url == service.url + "/internal/things/..%2F..%2Fmetrics%3Fa%3Db%23c/count")
        }
    }
}
