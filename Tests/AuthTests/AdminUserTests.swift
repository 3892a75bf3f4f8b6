import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a blocked account can do nothing until it is unblocked, and admins see whom they block.
@Suite struct AdminUserTests {
    private func add(_ number: Int, _ type: UserType, in world: AuthWorld) async throws -> AccountID {
        let account = Account.registering(
            "person\(number)@example.org", as: "Person \(number)", type, plan: .free,
            at: world.clock.now + .seconds(number))
        try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
        return account.id
    }

    /// What notifications hears of it.
    private func told(_ world: AuthWorld) async throws -> [String] {
        try await world.database.all(
            "SELECT name FROM outbox WHERE name LIKE 'account.%blocked' AND destination = 'notifications' ORDER BY position"
        ) { try $0.decode("name") }
    }

    @Test func `the people of a type are listed, newest first, page by page, without admins and the deleted`()
        async throws
    {
        try await AuthWorld.use { world in
            try await world.admins.establish(AdminSettings(email: "a@example.org", password: Secret("Admin-pass-1")))
            var clients: [AccountID] = []
            for number in 1...5 { clients.insert(try await add(number, .client, in: world), at: 0) }
            let left = try await add(6, .client, in: world)
            try await world.deletions.delete(left, reason: nil)
            let first = try await world.adminUsers.page(of: .client, 1, limit: 3)
            let second = try await world.adminUsers.page(of: .client, 2, limit: 3)
            #expect(first.total == 5 && second.total == 5)
            #expect((first.users + second.users).map(\.account.id) == clients)
            #expect(try await world.adminUsers.page(of: .client, 1_000_000, limit: 100).users.isEmpty)
            #expect(
                try await world.adminUsers.page(of: .freelancer, 1, limit: 3).users.map(\.account.id) == [world.account]
            )
        }
    }

    @Test func `people are found by the beginnings of the words of their names and addresses`() async throws {
        try await AuthWorld.use { world in
            var ids: [String: AccountID] = [:]
            let known = [("Ada Lovelace", "ada@analytical.example"), ("Zoë Grace-Hopper", "grace@navy.example")]
            for (number, (name, email)) in known.enumerated() {
                let account = Account.registering(
                    email, as: name, .client, plan: .free, at: world.clock.now + .seconds(number))
                try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
                ids[name] = account.id
            }
            func found(_ words: String, known: [AccountID] = [], _ type: UserType = .client) async throws -> [AccountID]
            {
                let search = UserSearch(words: words, known: known)
                let (users, total) = try await world.adminUsers.page(of: type, fitting: search, 1, limit: 10)
                #expect(users.count == total)
                return users.map(\.account.id)
            }
            let (ada, zoe) = (try #require(ids["Ada Lovelace"]), try #require(ids["Zoë Grace-Hopper"]))
            for words in ["ada", "LOVE ad", "ada@analytical.example", "analyt"] {
                #expect(try await found(words) == [ada], "\(words)")
            }
            for words in ["zoe", "hopper, zoë", "navy.ex", "grace"] {
                #expect(try await found(words) == [zoe], "\(words)")
            }
            #expect(try await found("example") == [zoe, ada])
            for words in ["lace", "ada zoe", "%", "'", "-", ":*"] {
                #expect(try await found(words).isEmpty, "\(words)")
            }
            #expect(try await found("ada\\") == [ada], "marks only separate words")
            #expect(try await found("analytical", .freelancer).isEmpty)
            // Who has another name by now is known to talent.
            #expect(try await found("countess", known: [ada]) == [ada])
            #expect(try await found("countess", known: [ada], .freelancer).isEmpty)
        }
    }

    @Test func `blocking ends sessions and keys, and nobody signs in any more`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            let browser = try await world.session()
            let key = try await world.keys.create(APIKeyInput(), for: world.account).text
            let blocked = try await world.adminUsers.block(world.account, .freelancer)
            #expect(blocked.account.status == .blocked)
            #expect(try await told(world) == ["account.blocked"])
            for (secret, source) in [(pair.accessToken, CredentialSource.token), (key, .token), (browser, .cookie)] {
                let resolution = try await world.judge.resolve(
                    CredentialInput(source: source, secret: secret, unspent: 0))
                #expect(resolution.principal == nil && resolution.isBlocked == true)
            }
            await #expect(throws: AccountError.blocked) { try await world.tokens.refresh(pair.refreshToken) }
            await #expect(throws: AccountError.blocked) { try await world.signIn() }
            // Who does not know the password learns nothing.
            await #expect(throws: PasswordError.wrong) { try await world.signIn("wrong") }
            await #expect(throws: AccountError.blocked) {
                try await world.sessions.begin(for: .gitHub(.named("ada", id: 1)))
            }
            await #expect(throws: AccountError.blocked) {
                try await world.keys.create(APIKeyInput(), for: world.account)
            }
            #expect(AccountError.blocked.code.status == 403)
            // Other services still ask who it is, because its deals stay.
            #expect(try await world.accounts.account(world.account).displayName == "ada")
        }
    }

    @Test func `an unblocked account signs in again, and what was ended stays ended`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn()
            let key = try await world.keys.create(APIKeyInput(), for: world.account).text
            _ = try await world.adminUsers.block(world.account, .freelancer)
            #expect(try await world.adminUsers.unblock(world.account, .freelancer).account.status == .active)
            #expect(try await told(world) == ["account.blocked", "account.unblocked"])
            for token in [pair.accessToken, key] {
                let resolution = try await world.resolve(token)
                #expect(resolution.principal == nil && resolution.isBlocked == nil)
            }
            await #expect(throws: RefreshTokenError.refused) { try await world.tokens.refresh(pair.refreshToken) }
            try await world.signIn()
        }
    }

    @Test func `a repeat changes nothing`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.adminUsers.block(world.account, .freelancer)
            world.clock.advance(by: .minutes(1))
            let second = try await world.adminUsers.block(world.account, .freelancer)
            #expect(first.account == second.account && first.updatedAt == second.updatedAt)
        }
    }

    @Test func `nobody is blocked as what they are not, and no admin at all`() async throws {
        try await AuthWorld.use { world in
            try await world.admins.establish(AdminSettings(email: "a@example.org", password: Secret("Admin-pass-1")))
            let admin = try await world.database.one("SELECT id FROM accounts WHERE is_admin") {
                try $0.decode("id", as: AccountID.self)
            }
            for (id, type) in [(world.account, UserType.client), (admin, .client), (.make(at: .start), .freelancer)] {
                await #expect(throws: AccountError.notFound(id)) { try await world.adminUsers.block(id, type) }
                await #expect(throws: AccountError.notFound(id)) { try await world.adminUsers.unblock(id, type) }
            }
        }
    }
}
