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

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBase = try reader.value(Declared.signIn.githubBase)
        githubAPIBase = try reader.value(Declared.signIn.githubAPIBase)
        storage = try StorageSettings(reader)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
    }
}
