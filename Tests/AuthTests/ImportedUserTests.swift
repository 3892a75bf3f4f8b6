import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promises under test: who comes from another Skillhouse signs in with the old password, and nobody can tell from
/// outside who that is.
@Suite struct ImportedUserTests {
    private static let password = "Sunny1day!"
    /// Of ``password``, with the least cost.
    private static let hash = "$2b$04$abcdefghijklmnopqrstuux7WBTTSE0UugN8ES/cIPRGeX6TYtM5i"

    private func user(
        _ email: String = "grace@example.org", hash: String? = ImportedUserTests.hash, isBlocked: Bool = false
    ) throws -> ImportedUser {
        ImportedUser(
            id: try #require(AccountID("65f0c0de0000000100000002")), userType: .freelancer, name: "Grace Hopper",
            email: email, passwordHash: hash, mobile: nil, isBlocked: isBlocked, createdAt: Timestamp.start - .days(300)
        )
    }

    private func stored(_ world: AuthWorld) async throws -> String? {
        try await PasswordStore().find(email: "grace@example.org", in: world.database)?.hash.text
    }

    @Test func `a user keeps id and password, and the first sign-in replaces the hash`() async throws {
        try await AuthWorld.use { world in
            let user = try user()
            #expect(try await world.features.userImport.bring([user]) == [.imported])
            #expect(try await stored(world) == Self.hash)
            // It is announced now: an old event would look like one that nobody takes.
            let announced: Timestamp = try await world.database.one("SELECT min(created_at) AS first FROM outbox") {
                try $0.decode("first")
            }
            #expect(announced >= Timestamp.start)
            await #expect(throws: PasswordError.wrong) { try await world.signIn("Sunny1day?", as: user.email) }
            #expect(try await stored(world) == Self.hash)
            let pair = try await world.signIn(Self.password, as: "Grace@example.org")
            #expect(try await world.resolve(pair.accessToken).principal?.accountID == user.id)
            #expect(try await stored(world)?.hasPrefix("$scrypt$") == true)
            try await world.signIn(Self.password, as: user.email)
            await #expect(throws: PasswordError.wrong) { try await world.signIn("Sunny1day?", as: user.email) }
            // Who was here before signs in as before.
            try await world.signIn()
        }
    }

    @Test func `four first sign-ins at once all get in`() async throws {
        try await AuthWorld.use { world in
            _ = try await world.features.userImport.bring([try user()])
            let entered = await attempts(4) { _ in try await world.signIn(Self.password, as: "grace@example.org") }
            #expect(entered.failures.isEmpty, "\(entered.failures)")
        }
    }

    @Test func `a repeat changes nothing, and an address that somebody has is refused`() async throws {
        try await AuthWorld.use { world in
            #expect(try await world.features.userImport.bring([try user()]) == [.imported])
            try await world.signIn(Self.password, as: "grace@example.org")
            let hash = try await stored(world)
            #expect(try await world.features.userImport.bring([try user()]) == [.present])
            #expect(try await stored(world) == hash)
            let taken = ImportedUser(
                id: .make(at: .start), userType: .client, name: "Ada", email: AuthWorld.email, passwordHash: nil,
                mobile: nil, isBlocked: false, createdAt: .start)
            #expect(
                try await world.features.userImport.bring([taken]) == [.refused("email", "is another account's here")])
        }
    }

    @Test func `who was deleted here is not brought back`() async throws {
        try await AuthWorld.use { world in
            let user = try user()
            #expect(try await world.features.userImport.bring([user]) == [.imported])
            try await world.deletions.delete(user.id, reason: nil)
            #expect(try await world.features.userImport.bring([user]) == [.refused("_id", "was deleted here")])
        }
    }

    @Test func `a rehearsal tells what would come and what is taken, and leaves nothing`() async throws {
        try await AuthWorld.use { world in
            let users = [try user(), try user(AuthWorld.email, hash: nil), try user(hash: "no hash")]
            // Of one id there can be one: the others are looked at by themselves.
            for (user, outcome) in zip(
                users,
                [.imported, .refused("email", "is another account's here"), .refused("password", "is no bcrypt hash")]
                    as [ImportOutcome])
            {
                #expect(try await world.features.userImport.bring([user], isRehearsal: true) == [outcome])
            }
            #expect(try await stored(world) == nil)
            let news: Int = try await world.database.one("SELECT count(*) AS count FROM outbox") {
                try $0.decode("count")
            }
            #expect(news == 0)
            #expect(try await world.features.userImport.bring([try user()]) == [.imported])
            #expect(try await world.features.userImport.bring([try user()], isRehearsal: true) == [.present])
        }
    }

    @Test func `a blocked user stays blocked, and one without a password has none`() async throws {
        try await AuthWorld.use { world in
            _ = try await world.features.userImport.bring([try user(isBlocked: true)])
            await #expect(throws: AccountError.blocked) {
                try await world.signIn(Self.password, as: "grace@example.org")
            }
        }
        try await AuthWorld.use { world in
            _ = try await world.features.userImport.bring([try user(hash: nil)])
            await #expect(throws: PasswordError.wrong) { try await world.signIn("", as: "grace@example.org") }
        }
    }

    @Test func `bcrypt is the standard's`() throws {
        let hash = try #require(BcryptHash("$2b$04$abcdefghijklmnopqrstuumsvW92KffCSzAE0JVWtOo5D6n5WqYae"))
        #expect(hash.matches("caf\u{E9} 9 A!"))
        // As bytes, not as what it looks like.
        #expect(!hash.matches("cafe\u{301} 9 A!"))
        #expect(!hash.matches("caf\u{E9} 9 A!\u{0}") && !hash.matches(""))
        let short = try #require(BcryptHash(Self.hash))
        #expect(!short.matches(Self.password + String(repeating: "x", count: 600)))
        #expect(!BcryptHash.decoy.matches(""))
    }

    @Test(arguments: [
        "", "$2b$10$short", "$2x$10$abcdefghijklmnopqrstuubBMAZfsmApeybUYG0J5BxwmMeh2IA.K",
        "$2b$31$abcdefghijklmnopqrstuubBMAZfsmApeybUYG0J5BxwmMeh2IA.K",
        "$2b$10$abcdefghijklmnopqrstu!bBMAZfsmApeybUYG0J5BxwmMeh2IA.K",
    ])
    func `another form is no hash`(text: String) {
        #expect(BcryptHash(text) == nil)
    }
}
