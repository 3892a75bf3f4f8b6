import Mails
import ServiceKit
import SharedModels

/// The settings of auth, besides those of every service.
struct AuthSettings: Sendable {
    /// Where people sign in: GitHub, or a substitute.
    let githubBaseURL: String
    let githubAPIBase: String
    let githubClientID: String
    let githubClientSecret: Secret
    /// Where people sign in with Google, or a substitute.
    let googleBaseURL: String
    /// Where Google exchanges codes.
    let googleTokenBase: String
    /// Whom Google's ID tokens must be for.
    let googleClientID: String
    /// `nil` when nobody signs in with Google on our pages.
    let googleClientSecret: Secret?
    /// Where Google's keys are.
    let googleKeysURL: String
    let mail: MailSettings
    let templates: MailTemplates
    /// The plan of new accounts.
    let defaultPlan: Plan
    /// The key for the digests that recognise owners of deleted accounts. Defaults to the service secret. With a
    /// different key, people who left earlier are not recognised any more.
    let tombstoneKey: RotatingSecret?
    /// `nil` makes nobody an admin.
    let admin: AdminSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.signIn
        githubBaseURL = try reader.value(declared.githubBase)
        githubAPIBase = try reader.value(declared.githubAPIBase)
        githubClientID = try reader.value(declared.githubClientID)
        githubClientSecret = try reader.value(declared.githubClientSecret)
        googleBaseURL = try reader.value(declared.googleBase)
        googleTokenBase = try reader.value(declared.googleTokenBase)
        googleClientID = try reader.value(declared.googleClientID)
        googleClientSecret = reader.optional(declared.googleClientSecret)
        if googleClientSecret != nil, reader.optional(declared.googleClientID) == nil {
            throw BadSetting(
                declared.googleClientID.name, "is missing, while \(declared.googleClientSecret.name) is there")
        }
        googleKeysURL = try reader.value(declared.googleKeys)
        mail = try MailSettings(reader)
        templates = try MailTemplates(folder: reader.optional(Declared.sending.mailTemplates))
        defaultPlan = try reader.value(declared.defaultPlan)
        tombstoneKey = reader.optional(Declared.files.tombstoneKey)
        admin = try AdminSettings(reader)
    }
}

/// The admin named in the configuration.
struct AdminSettings: Sendable {
    /// In lower case.
    let email: String
    let password: Secret
}

extension AdminSettings {
    /// - Returns: `nil` when neither setting is set.
    /// - Throws: ``BadSetting`` when only one is set.
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
