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

    init(_ reader: SettingsReader) throws {
        githubBase = try reader.url("GITHUB_BASE_URL", default: "https://github.com")
        githubAPIBase = try reader.url("GITHUB_API_BASE", default: "https://api.github.com")
        storage = try StorageSettings(reader)
        tombstoneKey = reader.optionalSecret("TOMBSTONE_KEY")
    }
}
