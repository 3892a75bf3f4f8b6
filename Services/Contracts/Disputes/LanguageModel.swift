import OutboundHTTP
import ServiceKit
import SharedModels

/// Advice from an OpenAI-compatible language model (https://platform.openai.com/docs/api-reference/chat/create).
struct LanguageModel: DisputeAdvisor {
    /// Longer than a good answer takes, and shorter than callers wait.
    static let deadline = Duration.seconds(20)
    /// A hundred times the longest advice.
    private static let maximumAnswerBytes = 1 << 20

    let settings: LanguageModelSettings
    let http: OutboundHTTP
    var deadline = Self.deadline

    func advice(on file: CaseFile) async throws -> Advice {
        let prompt = AdvicePrompt(file: file)
        let answer: OutboundResponse
        do {
            answer = try await http.send(request(prompt), .question)
        } catch let error as OutboundError {
            throw NoAdvice(reason: "the model cannot be reached: \(error)")
        }
        guard answer.status == 200 else {
            throw NoAdvice(reason: "the model answered \(answer.status)")
        }
        guard let choice = (try? JSONValue.parse(answer.body, leniently: true))?["choices"]?.array?.first,
            choice["finish_reason"]?.string == "stop", let text = choice["message"]?["content"]?.string
        else { throw NoAdvice(reason: "the model did not answer to the end") }
        return try prompt.advice(in: text)
    }

    private func request(_ prompt: AdvicePrompt) -> OutboundRequest {
        let body: JSONValue = [
            "model": .string(settings.model), "temperature": 0,
            "messages": [
                ["role": "system", "content": .string(AdvicePrompt.instructions)],
                ["role": "user", "content": .string(prompt.question)],
            ],
            "response_format": [
                "type": "json_schema",
                "json_schema": ["name": "advice", "strict": true, "schema": prompt.schema],
            ],
        ]
        let credential =
            settings.apiKey.map { [Authorization.showing($0.reveal())] } ?? []
        var request = OutboundRequest.json(
            .post, "\(settings.baseURL)/chat/completions", headers: credential, body: body.bytes)
        request.deadline = deadline
        request.maximumResponseBytes = Self.maximumAnswerBytes
        return request
    }
}
