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
    /// `nil`: nobody is made an admin.
    let admin: AdminSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        githubBaseURL = try reader.url("GITHUB_BASE_URL", default: "https://github.com")
        githubAPIBase = try reader.url("GITHUB_API_BASE", default: "https://api.github.com")
        githubClientID = try reader.required("GITHUB_CLIENT_ID")
        githubClientSecret = try reader.secret("GITHUB_CLIENT_SECRET")
        defaultPlan = try reader.oneOf("DEFAULT_PLAN", default: Plan.free)
        admin = try AdminSettings(reader)
    }
}

/// The admin whom the configuration names.
struct AdminSettings: Sendable {
    /// What the owner of an address can be expected to have chosen at least.
    private static let shortestPassword = 8

    /// In lower case.
    let email: String
    let password: Secret

    init(email: String, password: Secret) {
        self.email = email
        self.password = password
    }

    /// - Returns: `nil` when neither setting is there.
    /// - Throws: ``BadSetting`` when one is without the other, or one of them is none.
    init?(_ reader: SettingsReader) throws(BadSetting) {
        switch (reader.optional("ADMIN_EMAIL"), reader.optionalSecret("ADMIN_PASSWORD")) {
        case (nil, nil): return nil
        case (nil, _?): throw BadSetting("ADMIN_EMAIL", "is missing, while ADMIN_PASSWORD is there")
        case (_?, nil): throw BadSetting("ADMIN_PASSWORD", "is missing, while ADMIN_EMAIL is there")
        case (let email?, let password?):
            self.init(email: email.lowercased(), password: password)
            let environment = reader.string("GUILDHALL_ENVIRONMENT", default: "production")
            try check(isDevelopment: environment == "development")
        }
    }

    private func check(isDevelopment: Bool) throws(BadSetting) {
        var address = StringRules()
        address.format = .email
        guard Schema.string(address).issues(in: .string(email)).isEmpty else {
            throw BadSetting("ADMIN_EMAIL", "must be a mail address, not '\(email)'")
        }
        guard password.reveal().count >= Self.shortestPassword else {
            throw BadSetting("ADMIN_PASSWORD", "must have \(Self.shortestPassword) characters or more")
        }
        if !isDevelopment, password.reveal().hasPrefix("Development-") {
            throw BadSetting("ADMIN_PASSWORD", "is the published development password; set one of your own")
        }
    }
}
