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

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBase = try reader.value(Declared.signIn.githubBase)
        githubAPIBase = try reader.value(Declared.signIn.githubAPIBase)
        storage = try StorageSettings(reader)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
        matchWeights = try MatchWeights(reader)
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
