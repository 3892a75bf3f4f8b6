import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import TalentService

/// The promise under test: the provider is asked as OpenAI's API says, and only whole answers count.
@Suite struct ProviderEmbedderTests {
    /// Asks a provider that answers with `status` and `body` about two texts.
    private func ask(
        _ body: JSONValue, status: Int = 200, key: Secret? = Secret("sk-x"), seen: Shared<JSONValue?> = Shared(nil),
        headers: Shared<[String: String]> = Shared([:])
    ) async throws -> [TextVector] {
        let http = OutboundHTTP(logger: .quiet)
        let result: Result<[TextVector], any Error>
        do {
            result = .success(
                try await LocalServer.serve({ asked in
                    seen.change { $0 = try? JSONValue.parse(asked.body) }
                    headers.change { $0 = asked.headers }
                    guard asked.method == "POST", asked.path == "/v1/embeddings" else { return .init(status: 404) }
                    return .init(status: status, body: body.bytes)
                }) { url in
                    let settings = EmbeddingSettings(baseURL: url + "/v1", model: "words-1", apiKey: key)
                    return try await ProviderEmbedder(settings: settings, http: http).vectors(of: ["maps", "lakes"])
                })
        } catch {
            result = .failure(error)
        }
        await http.shutdown()
        return try result.get()
    }

    private func answer(_ items: [JSONValue]) -> JSONValue { ["object": "list", "data": .array(items)] }

    @Test func `both texts go in one question, and each gets its own vector`() async throws {
        let (seen, headers) = (Shared(JSONValue?.none), Shared([String: String]()))
        let vectors = try await ask(
            answer([["index": 1, "embedding": [0, 1]], ["index": 0, "embedding": [.decimal("0.5"), 0]]]), seen: seen,
            headers: headers)
        #expect(vectors == [TextVector(model: "words-1", [1, 0]), TextVector(model: "words-1", [0, 1])])
        #expect(seen.value == ["model": "words-1", "input": ["maps", "lakes"], "encoding_format": "float"])
        #expect(headers.value["authorization"] == "Bearer sk-x")
    }

    @Test(arguments: [400, 413, 422])
    func `what the provider does not take is not asked about again`(status: Int) async throws {
        await #expect(throws: TextRefused.self) { try await ask([:], status: status) }
    }

    @Test(arguments: [401, 404, 429, 500, 503])
    func `any other refusal is asked about again`(status: Int) async throws {
        await #expect(throws: NoVectors.self) { try await ask([:], status: status) }
    }

    @Test(
        arguments: [
            [], [["index": 0, "embedding": [1, 0]]],
            [["index": 0, "embedding": [1]], ["index": 2, "embedding": [1]]],
            [["index": 0, "embedding": ["1"]], ["index": 1, "embedding": [1]]],
            [["index": 0, "embedding": []], ["index": 1, "embedding": [1]]],
            [["index": 0, "embedding": [0, 0]], ["index": 1, "embedding": [1, 0]]], [["embedding": [1]]],
        ] as [[JSONValue]])
    func `an answer that is not whole counts for nothing`(items: [JSONValue]) async throws {
        await #expect(throws: NoVectors.self) { try await ask(answer(items)) }
    }
}
