import ServiceKit
import SharedModels

/// What auth reads from its environment beyond the common settings.
struct AuthSettings: Sendable {
    /// Where people sign in: GitHub, or a stand-in.
    let githubBaseURL: String
    let githubAPIBase: String
    let githubClientID: String
    let githubClientSecret: Secret
    /// The plan of new accounts.
    let defaultPlan: Plan

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBaseURL = try reader.url("GITHUB_BASE_URL", default: "https://github.com")
        githubAPIBase = try reader.url("GITHUB_API_BASE", default: "https://api.github.com")
        githubClientID = try reader.required("GITHUB_CLIENT_ID")
        githubClientSecret = try reader.secret("GITHUB_CLIENT_SECRET")
        defaultPlan = try reader.oneOf("DEFAULT_PLAN", default: Plan.free)
    }
}
