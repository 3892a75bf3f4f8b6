import ServiceKit
import SharedModels
import Testing

@testable import AuthService

/// The promise under test: a setting means what the table says, and a bad one is named.
@Suite struct AuthSettingsTests {
    private func admin(_ settings: [String: String]) throws -> AdminSettings? {
        try AdminSettings(SettingsReader(.auth, settings))
    }

    @Test func `without the two settings there is no admin`() throws {
        #expect(try admin([:]) == nil)
        #expect(try admin(["ADMIN_EMAIL": "", "ADMIN_PASSWORD": ""]) == nil)
    }

    @Test func `the admin's address is read in lower case`() throws {
        let admin = try #require(
            try admin(["ADMIN_EMAIL": "Admin@Guildhall.local", "ADMIN_PASSWORD": "eight-or-more"]))
        #expect(admin.email == "admin@guildhall.local")
        #expect(admin.password == Secret("eight-or-more") && "\(admin)".contains("***"))
    }

    @Test(arguments: [
        (["ADMIN_EMAIL": "a@b.example"], "ADMIN_PASSWORD"),
        (["ADMIN_PASSWORD": "eight-or-more"], "ADMIN_EMAIL"),
        (["ADMIN_EMAIL": "nobody", "ADMIN_PASSWORD": "eight-or-more"], "ADMIN_EMAIL"),
        (["ADMIN_EMAIL": "a@b.example", "ADMIN_PASSWORD": "seven-7"], "ADMIN_PASSWORD"),
        (["ADMIN_EMAIL": "a@b.example", "ADMIN_PASSWORD": "Development-password-1"], "ADMIN_PASSWORD"),
    ])
    func `what does not make an admin is named`(settings: [String: String], name: String) throws {
        do {
            _ = try admin(settings)
            Issue.record("\(settings) is no admin")
        } catch let error as BadSetting {
            let line = error.description
            #expect(error.name == name, "\(line)")
            #expect(settings["ADMIN_PASSWORD"].map { !line.contains($0) } ?? true)
        }
    }

    @Test func `the published password is for development`() throws {
        let settings = [
            "ADMIN_EMAIL": "a@b.example", "ADMIN_PASSWORD": "Development-password-1",
            "GUILDHALL_ENVIRONMENT": "development",
        ]
        #expect(try admin(settings) != nil)
    }

    @Test func `a secret of Google's without its application is refused by name, and the reverse is for web clients`()
        throws
    {
        func settings(_ more: [String: String]) throws -> AuthSettings {
            try AuthSettings(
                SettingsReader(
                    .auth, ["GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret"].merging(more) { $1 }))
        }
        let error = #expect(throws: BadSetting.self) { try settings(["GOOGLE_CLIENT_SECRET": "ours"]) }
        #expect(error?.description == "setting GOOGLE_CLIENT_ID is missing, while GOOGLE_CLIENT_SECRET is there")
        #expect(throws: BadSetting.self) {
            try settings(["GOOGLE_CLIENT_ID": "ours", "GOOGLE_CLIENT_SECRET": "development-google"])
        }
        #expect(try settings(["GOOGLE_CLIENT_ID": "ours"]).googleClientSecret == nil)
        let both = ["GOOGLE_CLIENT_ID": "ours", "GOOGLE_CLIENT_SECRET": "ours too"]
        #expect(throws: BadSetting.self) { try settings(both) }
        #expect(try settings(both.merging(["GOOGLE_CLIENT_SECRET": "ours-too"]) { $1 }).googleClientSecret != nil)
    }
}
