import ServiceKit

struct TalentSettings: Sendable {
    /// Where GitHub profiles are looked at; `https://github.com`.
    let githubBase: String
    /// GitHub's REST API; `https://api.github.com`.
    let githubAPIBase: String
    let storage: StorageSettings
    /// What deleted accounts are recognised by is hashed with it; the service secret when it is not set. With
    /// another key, those deleted before are not recognised any more.
    let tombstoneKey: Secret?

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBase = try reader.value(Declared.signIn.githubBase)
        githubAPIBase = try reader.value(Declared.signIn.githubAPIBase)
        storage = try StorageSettings(reader)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
    }
}
