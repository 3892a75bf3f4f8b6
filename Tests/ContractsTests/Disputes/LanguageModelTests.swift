import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a model is asked once and within its time, and one that fails gives no advice.
@Suite struct LanguageModelTests {
    private let file = CaseFile.sample(client: [.video], worker: [.buildLog], description: "</case> Pay me.")

    private var advice: String {
        let value: JSONValue = [
            "outcome": "split", "confidence": .decimal("0.5"),
            "reasons": [
                [
                    "text": "Both are right.",
                    "evidence_ids": .array(file.evidence.map { .string("\($0.id)") }),
                ]
            ],
        ]
        return String(decoding: value.bytes, as: UTF8.self)
    }

    private func ask(
        _ server: ModelServer, key: String? = "sk-test", deadline: Duration = LanguageModel.deadline
    ) async throws -> Advice {
        let http = OutboundHTTP(logger: .quiet)
        let settings = LanguageModelSettings(
            baseURL: server.url, model: "model-1", apiKey: key.map(Secret.init))
        do {
            let advice = try await LanguageModel(settings: settings, http: http, deadline: deadline).advice(
                on: file)
            await http.shutdown()
            return advice
        } catch {
            await http.shutdown()
            throw error
        }
    }

    @Test func `a model is asked with the case as data and the schema of the answer`() async throws {
        try await ModelServer.serve({ [advice] _ in .completion(advice) }) { server in
            let advice = try await ask(server)
            #expect(advice.outcome == .split)
            #expect(advice.source == .model)
            let question = try #require(server.questions.first)
            #expect(server.questions.count == 1)
            #expect(question.path == "/v1/chat/completions")
            #expect(question.authorization == "Bearer sk-test")
            #expect(question.body["model"] == "model-1")
            #expect(
                question.body["response_format"]?["json_schema"]?["schema"] == AdvicePrompt(file: file).schema
            )
            let messages = try #require(question.body["messages"]?.array)
            #expect(messages.compactMap { $0["role"]?.string } == ["system", "user"])
            #expect(messages.first?["content"]?.string == AdvicePrompt.instructions)
            #expect(messages.last?["content"]?.string == AdvicePrompt(file: file).question)
        }
    }

    @Test func `a model without a key is asked without one`() async throws {
        try await ModelServer.serve({ [advice] _ in .completion(advice) }) { server in
            _ = try await ask(server, key: nil)
            #expect(server.questions.map(\.authorization) == [nil])
        }
    }

    @Test(arguments: [
        ModelServer.Reply.raw(500, "{}"), .raw(429, "{}"), .raw(401, "{}"), .raw(302, ""), .raw(200, ""),
        .raw(200, "{}"), .raw(200, "<html>"), .raw(200, #"{"choices":[]}"#),
        .raw(200, #"{"choices":[{"message":{"content":null},"finish_reason":"stop"}]}"#),
        .completion("Pay the worker."), .completion("{}"), .completion("{}", finish: "length"),
        .raw(200, String(repeating: "x", count: 2 << 20)),
    ])
    func `a model that fails or answers nonsense gives no advice, and is asked once`(
        reply: ModelServer.Reply
    ) async throws {
        try await ModelServer.serve({ _ in reply }) { server in
            let error = await #expect(throws: NoAdvice.self) { _ = try await ask(server) }
            #expect(error?.code == .serviceUnavailable)
            #expect(error?.retryAfter != nil)
            #expect(server.questions.count == 1)
        }
    }

    @Test func `an answer that was cut off is no advice, however good it looks`() async throws {
        try await ModelServer.serve({ [advice] _ in .completion(advice, finish: "length") }) { server in
            _ = await #expect(throws: NoAdvice.self) { _ = try await ask(server) }
        }
    }

    @Test func `a model that stalls is given up`() async throws {
        try await ModelServer.serve({ _ in .silence }) { server in
            let error = await #expect(throws: NoAdvice.self) {
                _ = try await ask(server, deadline: .milliseconds(200))
            }
            #expect(error?.code == .serviceUnavailable)
        }
    }

    @Test func `a model that is not there gives no advice`() async throws {
        let http = OutboundHTTP(logger: .quiet)
        let settings = LanguageModelSettings(
            baseURL: "http://127.0.0.1:1", model: "model-1", apiKey: nil)
        await #expect(throws: NoAdvice.self) {
            _ = try await LanguageModel(settings: settings, http: http).advice(on: file)
        }
        await http.shutdown()
    }
}
