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
}
