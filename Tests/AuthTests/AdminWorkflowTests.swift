import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: the configured admin can sign in, exists once, and is the only one.
@Suite struct AdminWorkflowTests {
    private func admin(_ password: String = "first-password") -> AdminSettings {
        AdminSettings(email: "admin@example.org", password: Secret(password))
    }

    private func admins(in world: AuthWorld) async throws -> [AccountID] {
        try await world.database.all("SELECT id FROM accounts WHERE is_admin") { try $0.decode("id") }
    }

    @Test func `the admin can sign in, and every credential of theirs is an admin's`() async throws {
        try await AuthWorld.use { world in
            try await world.admins.establish(admin())
            let pair = try await world.signIn("first-password", as: "admin@example.org")
            let principal = try #require(try await world.resolve(pair.accessToken).principal)
            #expect(principal.isAdmin)
            let keys = world.keys
            let key = try await keys.create(APIKeyInput(), for: principal.accountID).text
            #expect(try await world.resolve(key).principal?.isAdmin == true)
            let browser = Session.make(for: principal.accountID, at: world.clock.now)
            try await world.database.transaction { try await SessionStore().insert(browser.session, in: $0) }
            let input = CredentialInput(source: .cookie, secret: browser.text, unspent: 0)
            #expect(try await world.judge.resolve(input).principal?.isAdmin == true)
            let other = try #require(try await world.resolve(try await world.signIn().accessToken).principal)
            #expect(!other.isAdmin)
        }
    }

    @Test func `replicas that start at once make one account`() async throws {
        try await AuthWorld.use { world in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { try await world.admins.establish(admin()) } }
                try await group.waitForAll()
            }
            #expect(try await admins(in: world).count == 1)
            let events: [String] = try await world.database.all(
                "SELECT DISTINCT id::text AS id FROM outbox WHERE name = 'account.created'"
            ) {
                try $0.decode("id")
            }
            #expect(events.count == 1)
        }
    }

    @Test func `notifications is told of the admin at each start`() async throws {
        try await AuthWorld.use { world in
            for _ in 0..<2 { try await world.admins.establish(admin()) }
            let told: [String] = try await world.database.all(
                "SELECT data ->> 'user_id' AS id FROM outbox WHERE name = 'admin.appointed'"
            ) { try $0.decode("id") }
            let known = try await admins(in: world)
            #expect(told == [known[0], known[0]].map { "\($0)" })
        }
    }

    @Test func `another start with the same settings disturbs nobody`() async throws {
        try await AuthWorld.use { world in
            try await world.admins.establish(admin())
            let pair = try await world.signIn("first-password", as: "admin@example.org")
            try await world.admins.establish(admin())
            #expect(try await world.resolve(pair.accessToken).principal?.isAdmin == true)
            _ = try await world.tokens.refresh(pair.refreshToken)
        }
    }

    @Test func `a new password in the settings takes the place of the old and ends the admin's sessions`()
        async throws
    {
        try await AuthWorld.use { world in
            try await world.admins.establish(admin())
            let pair = try await world.signIn("first-password", as: "admin@example.org")
            let before = try await admins(in: world)
            try await world.admins.establish(admin("second-password"))
            #expect(try await admins(in: world) == before)
            #expect(try await world.resolve(pair.accessToken).principal == nil)
            await #expect(throws: RefreshTokenError.refused) {
                try await world.tokens.refresh(pair.refreshToken)
            }
            await #expect(throws: PasswordError.wrong) {
                try await world.signIn("first-password", as: "admin@example.org")
            }
            try await world.signIn("second-password", as: "admin@example.org")
        }
    }

    @Test func `an account that has the address becomes the admin's`() async throws {
        try await AuthWorld.use { world in
            try await world.admins.establish(
                AdminSettings(email: AuthWorld.email, password: Secret(AuthWorld.password)))
            #expect(try await admins(in: world) == [world.account])
            try await world.signIn()
        }
    }

    @Test func `a start in the middle of the admin's deletion waits, and makes another`() async throws {
        try await AuthWorld.use { (world) async throws in
            try await world.admins.establish(admin())
            let gone = try #require(try await admins(in: world).first)
            let second = admin("second-password")
            let start = try await world.database.transaction { tx in
                _ = try await AccountStore().lock(gone, in: tx)
                let start = Task.detached { try await world.admins.establish(second) }
                try await world.database.waitUntilBlocked(1)
                // A transaction that waits for an account must not block the account's deletion from the passwords.
                try await tx.execute("LOCK TABLE passwords IN ROW EXCLUSIVE MODE NOWAIT")
                try await DeletionStore().bury(gone, reason: nil, at: world.clock.now, in: tx)
                return start
            }
            try await start.value
            try await world.signIn("second-password", as: "admin@example.org")
            let now = try await admins(in: world)
            #expect(now.count == 1 && now.first != gone)
        }
    }
}
