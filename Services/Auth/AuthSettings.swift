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
    /// What deleted accounts are recognised by is hashed with it; the service secret when it is not set. With another
    /// key, those deleted before are not recognised any more.
    let tombstoneKey: Secret?
    /// `nil`: nobody is made an admin.
    let admin: AdminSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.signIn
        githubBaseURL = try reader.value(declared.githubBase)
        githubAPIBase = try reader.value(declared.githubAPIBase)
        githubClientID = try reader.value(declared.githubClientID)
        githubClientSecret = try reader.value(declared.githubClientSecret)
        defaultPlan = try reader.value(declared.defaultPlan)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
        admin = try AdminSettings(reader)
    }
}

/// The admin whom the configuration names.
struct AdminSettings: Sendable {
    /// In lower case.
    let email: String
    let password: Secret

    init(email: String, password: Secret) {
        self.email = email
        self.password = password
    }

    /// - Returns: `nil` when neither setting is there.
    /// - Throws: ``BadSetting`` when one is without the other.
    init?(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.signIn
        switch (reader.optional(declared.adminEmail), reader.optional(declared.adminPassword)) {
        case (nil, nil): return nil
        case (nil, _?): throw BadSetting("ADMIN_EMAIL", "is missing, while ADMIN_PASSWORD is there")
        case (_?, nil): throw BadSetting("ADMIN_PASSWORD", "is missing, while ADMIN_EMAIL is there")
        case (let email?, let password?): self.init(email: email, password: password)
        }
    }
}
