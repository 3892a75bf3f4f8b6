import OutboundHTTP
import ServiceKit
import SharedModels

/// Gives vectors for texts. Never call inside a transaction.
protocol TextEmbedder: Sendable {
    var model: String { get }
    /// A vector for each text, in their order.
    ///
    /// - Throws: ``TextRefused`` when asking again would not help, any other error when it may.
    func vectors(of texts: [String]) async throws -> [TextVector]
}

/// The provider does not take these texts.
struct TextRefused: Error {
    let status: Int
}

/// The provider does not answer as it should.
struct NoVectors: Error {
    let reason: String
}

struct EmbeddingSettings: Sendable {
    /// What stands before `/embeddings`.
    let baseURL: String
    let model: String
    /// `nil` when the provider needs no key.
    let apiKey: Secret?
}

/// An OpenAI-compatible provider (https://platform.openai.com/docs/api-reference/embeddings/create).
struct ProviderEmbedder: TextEmbedder {
    private static let deadline = Duration.seconds(30)
    /// Far more than the longest vectors of a batch.
    private static let maximumAnswerBytes = 4 << 20

    let settings: EmbeddingSettings
    let http: OutboundHTTP

    var model: String { settings.model }

    func vectors(of texts: [String]) async throws -> [TextVector] {
        let body: JSONValue = [
            "model": .string(model), "input": .array(texts.map { .string($0) }), "encoding_format": "float",
        ]
        let credential = settings.apiKey.map { [Authorization.showing($0.reveal())] } ?? []
        var request = OutboundRequest.json(
            .post, "\(settings.baseURL)/embeddings", headers: credential, body: body.bytes)
        request.deadline = Self.deadline
        request.maximumResponseBytes = Self.maximumAnswerBytes
        let answer = try await http.send(request, .question)
        guard answer.status == 200 else {
            if [400, 413, 422].contains(answer.status) { throw TextRefused(status: answer.status) }
            throw NoVectors(reason: "the provider answered \(answer.status)")
        }
        let items = try JSONValue.parse(answer.body, leniently: true)["data"]?.array ?? []
        var found: [Int: TextVector] = [:]
        for item in items {
            guard let index = item["index"]?.integer, let numbers = item["embedding"]?.array?.map(Self.number),
                let vector = TextVector(model: model, numbers.compactMap(\.self)), vector.bytes.count == numbers.count
            else { throw NoVectors(reason: "the provider answered something else than vectors") }
            found[Int(index)] = vector
        }
        let vectors = texts.indices.compactMap { found[$0] }
        guard vectors.count == texts.count else { throw NoVectors(reason: "the provider left texts out") }
        return vectors
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .decimal(let text): Double(text)
        default: nil
        }
    }
}
