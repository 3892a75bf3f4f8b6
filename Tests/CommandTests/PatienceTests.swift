import GuildhallClient
import SharedModels
import TestSupport
import Testing

@testable import Command

/// The promise under test: a busy stack does not leave a market half planted, and nothing is done twice for that.
@Suite struct PatienceTests {
    /// - Parameter waited: How long each wait would have been.
    private func use(
        limit: Duration = .seconds(60), _ answer: @escaping @Sendable (LocalServer.Asked) -> LocalServer.Answer,
        _ body: (_ client: PatientClient, _ waited: Shared<[Duration]>) async throws -> Void
    ) async throws {
        let waited = Shared<[Duration]>([])
        try await LocalServer.serve(answer) { url in
            let patience = Patience(limit: limit) { wait in waited.change { $0.append(wait) } }
            let client = PatientClient(api: GuildhallClient(url: url), patience: patience)
            try await body(client, waited)
            await client.close()
        }
    }

    private static let gig = String(
        decoding: (Endpoints.gigs.create.operation.outputExample ?? [:]).bytes, as: UTF8.self)

    @Test(arguments: [429, 502, 503, 504])
    func `who is asked to come again waits as long as it is told, and sends the same key`(status: Int) async throws {
        let keys = Shared<[String?]>([])
        try await use { asked in
            let attempt = keys.change {
                $0.append(asked.headers["idempotency-key"])
                return $0.count
            }
            guard attempt < 3 else { return .json(201, Self.gig) }
            return .init(status: status, headers: ["retry-after": "7"], text: #"{"message":"There is no place."}"#)
        } _: { client, waited in
            _ = try await client.call(Endpoints.gigs.create, ["title": "A parser"])
            #expect(waited.value == [.seconds(7), .seconds(7)])
            #expect(keys.value.count == 3 && Set(keys.value).count == 1 && keys.value[0] != nil)
        }
    }

    @Test func `a refusal is told at once`() async throws {
        try await use { _ in
            .json(409, #"{"message":"It is closed."}"#)
        } _: { client, waited in
            let refusal = await #expect(throws: GuildhallRefusal.self) {
                try await client.call(Endpoints.gigs.create, ["title": "A parser"])
            }
            #expect(refusal?.status == 409 && waited.value.isEmpty)
        }
    }

    @Test func `patience has an end`() async throws {
        try await use(limit: .seconds(20)) { _ in
            .init(status: 503, headers: ["retry-after": "8"], text: #"{"message":"There is no place."}"#)
        } _: { client, waited in
            let refusal = await #expect(throws: GuildhallRefusal.self) {
                try await client.call(Endpoints.gigs.create, ["title": "A parser"])
            }
            #expect(refusal?.status == 503 && waited.value == [.seconds(8), .seconds(8)])
        }
    }

    @Test func `a stack that is away is waited for`() async throws {
        let waited = Shared<[Duration]>([])
        let patience = Patience(limit: .seconds(3)) { wait in waited.change { $0.append(wait) } }
        let client = PatientClient(api: GuildhallClient(url: "http://127.0.0.1:1"), patience: patience)
        await #expect(throws: (any Error).self) { try await client.call(Endpoints.session.current) }
        #expect(waited.value.count > 2)
        await client.close()
    }
}
