import ServiceKit

struct TalentSettings: Sendable {
    /// Where GitHub profiles are looked at; `https://github.com`.
    let githubBase: String

    init(_ reader: SettingsReader) throws {
        githubBase = try reader.url("GITHUB_BASE_URL", default: "https://github.com")
    }
}
