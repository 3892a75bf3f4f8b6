import ServiceKit
import SharedModels

/// An OpenAI-compatible language model (https://platform.openai.com/docs/api-reference/chat/create). It gives the same
/// answer to the same question, and fills any JSON Schema. `LLM_BASE_URL=<sandbox>/llm/v1`.
struct LanguageModelRoutes: Sendable {
    private static let roles: Set<String> = ["system", "developer", "user", "assistant", "tool"]

    let faults: FaultGate
    let clock: SandboxClock

    func register(on routes: RawRoutes) {
        // The base URL may include the version or leave it out.
        for path in ["/llm/v1/chat/completions", "/llm/chat/completions"] {
            routes.on(.post, path) { request in
                try await faults.pass(request, to: .llm, refusals: Self.refusals) { complete(request) }
            }
        }
        for path in ["/llm/v1/embeddings", "/llm/embeddings"] {
            routes.on(.post, path) { request in
                try await faults.pass(request, to: .llm, refusals: Self.refusals) { embed(request) }
            }
        }
    }

    /// Vectors that are close for texts with the same words.
    private func embed(_ request: RawRequest) -> Answer {
        guard Authorization.bearer(request.header("authorization")) != nil else {
            return Self.refusal(
                401, "invalid_request_error", "You didn't provide an API key.", code: "invalid_api_key")
        }
        guard let input = MessageDesk.object(request.body), let model = input["model"]?.string, !model.isEmpty,
            let texts = input["input"]?.array?.map(\.string) ?? input["input"]?.string.map({ [$0] }),
            (1...2_048).contains(texts.count), texts.allSatisfy({ $0?.isEmpty == false })
        else {
            return Self.refusal(
                400, "invalid_request_error", "'input' must be a text or texts, and there must be a model.",
                parameter: "input")
        }
        let words = Int64(texts.compactMap(\.self).map(Self.tokens).reduce(0, +))
        return .json([
            "object": "list", "model": .string(model),
            "data": .array(
                texts.compactMap(\.self).enumerated().map { index, text in
                    [
                        "object": "embedding", "index": .integer(Int64(index)),
                        "embedding": .array(WordVector.of(text).map { .decimal("\($0)") }),
                    ]
                }),
            "usage": ["prompt_tokens": .integer(words), "total_tokens": .integer(words)],
        ])
    }

    private func complete(_ request: RawRequest) -> Answer {
        guard Authorization.bearer(request.header("authorization")) != nil else {
            return Self.refusal(
                401, "invalid_request_error", "You didn't provide an API key.", code: "invalid_api_key")
        }
        guard let input = MessageDesk.object(request.body) else {
            return Self.refusal(
                400, "invalid_request_error", "We could not parse the JSON body of your request.")
        }
        guard let model = input["model"]?.string, !model.isEmpty else {
            return Self.refusal(
                400, "invalid_request_error", "you must provide a model parameter", parameter: "model")
        }
        guard let messages = input["messages"]?.array, !messages.isEmpty,
            messages.allSatisfy({ Self.roles.contains($0["role"]?.string ?? "") })
        else {
            return Self.refusal(400, "invalid_request_error", "Invalid 'messages'.", parameter: "messages")
        }
        guard input["stream"] != true else {
            return Self.refusal(
                400, "invalid_request_error", "The sandbox does not stream.", parameter: "stream")
        }
        let lines = messages.map { "\($0["role"]?.string ?? ""): \(Self.text(of: $0["content"]))" }
        let question = lines.joined(separator: "\n")
        let content = Self.content(input["response_format"], question)
        let tokens = (prompt: Int64(Self.tokens(question)), answer: Int64(Self.tokens(content)))
        return .json([
            "id": .string("chatcmpl-\(String(StableHash.of(question), radix: 16))"),
            "object": "chat.completion",
            "created": JSONValue(unix: clock.now), "model": .string(model),
            "system_fingerprint": "fp_sandbox",
            "choices": [
                [
                    "index": 0,
                    "message": ["role": "assistant", "content": .string(content), "refusal": nil],
                    "logprobs": nil,
                    "finish_reason": "stop",
                ]
            ],
            "usage": [
                "prompt_tokens": .integer(tokens.prompt), "completion_tokens": .integer(tokens.answer),
                "total_tokens": .integer(tokens.prompt + tokens.answer),
            ],
        ])
    }

    private static func content(_ format: JSONValue?, _ question: String) -> String {
        let seed = StableHash.of(question)
        switch format?["type"]?.string {
        case "json_schema":
            let schema = format?["json_schema"]?["schema"] ?? .object([])
            return String(decoding: SchemaFilling(schema: schema, seed: seed).value.bytes, as: UTF8.self)
        case "json_object":
            let answer: JSONValue = [
                "answer": "The sandbox's answer.", "seed": .string(String(seed, radix: 16)),
            ]
            return String(decoding: answer.bytes, as: UTF8.self)
        default:
            return
                "The sandbox read \(tokens(question)) words and has nothing to object. (\(String(seed, radix: 16)))"
        }
    }

    /// A text, or the texts among parts of several kinds.
    private static func text(of content: JSONValue?) -> String {
        content?.string ?? (content?.array ?? []).compactMap { $0["text"]?.string }.joined(separator: " ")
    }

    /// Counts words, which is close enough.
    private static func tokens(_ text: String) -> Int {
        text.split(whereSeparator: \.isWhitespace).count
    }

    private static func refusal(
        _ status: Int, _ type: String, _ message: String, parameter: String? = nil, code: String? = nil
    ) -> Answer {
        .json(
            [
                "error": [
                    "message": .string(message), "type": .string(type), "param": JSONValue(parameter),
                    "code": JSONValue(code),
                ]
            ], status: status)
    }

    private static var refusals: ProviderRefusals {
        var limited = refusal(
            429, "requests", "Rate limit reached for requests.", code: "rate_limit_exceeded")
        limited.headers.append(("Retry-After", "1"))
        return ProviderRefusals(
            error: refusal(500, "server_error", "The server had an error while processing your request."),
            rateLimit: limited,
            decline: refusal(
                400, "invalid_request_error", "Your request was rejected by the safety system.",
                code: "content_policy_violation"))
    }
}
