import ServiceKit

struct TalentSettings: Sendable {
    /// Where GitHub profiles are shown; `https://github.com`.
    let githubBase: String
    /// GitHub's REST API; `https://api.github.com`.
    let githubAPIBase: String
    let storage: StorageSettings
    /// The key for the digests that recognise owners of deleted accounts. Defaults to the service secret. With a
    /// different key, people who left earlier are not recognised any more.
    let tombstoneKey: RotatingSecret?
    let matchWeights: MatchWeights
    /// `EMBEDDING_BASE_URL`, `EMBEDDING_MODEL` and `EMBEDDING_API_KEY`. Without the first, free text does not count.
    let embedding: EmbeddingSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBase = try reader.value(Declared.signIn.githubBase)
        githubAPIBase = try reader.value(Declared.signIn.githubAPIBase)
        storage = try StorageSettings(reader)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
        embedding = try EmbeddingSettings(reader)
        var weights = try MatchWeights(reader)
        if embedding != nil { weights.text = try reader.value(Declared.matching.text) }
        matchWeights = weights
    }
}

extension EmbeddingSettings {
    /// - Returns: `nil` without a provider.
    fileprivate init?(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.matching
        guard let base = reader.optional(declared.embeddingBase) else { return nil }
        guard let model = reader.optional(declared.embeddingModel) else {
            throw BadSetting(declared.embeddingModel.name, "is missing, while \(declared.embeddingBase.name) is there")
        }
        self.init(baseURL: base, model: model, apiKey: reader.optional(declared.embeddingKey))
    }
}

extension MatchWeights {
    /// - Throws: When nothing counts.
    fileprivate init(_ reader: SettingsReader) throws(BadSetting) {
        technical = try reader.value(Declared.matching.technical)
        cultural = try reader.value(Declared.matching.cultural)
        experience = try reader.value(Declared.matching.experience)
        guard technical + cultural + experience > 0 else {
            throw BadSetting(
                Declared.matching.technical.name, "must be above 0 when the other weights of matching are 0")
        }
    }
}
