import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promises under test: the right password signs in, and nobody can find it by trying.
@Suite struct PasswordWorkflowTests {
    /// Spends the hour's guesses.
    private func close(_ email: String = AuthWorld.email, in world: AuthWorld) async throws {
        for _ in 0..<10 {
            await #expect(throws: PasswordError.wrong) { try await world.signIn("wrong", as: email) }
        }
    }

    private func expectClosed(
        _ password: String = AuthWorld.password, as email: String = AuthWorld.email, for wait: Duration,
        in world: AuthWorld, showing shown: ShownSession = .init(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        await #expect(throws: PasswordError.tooManyWrong(retryAfter: wait), sourceLocation: sourceLocation) {
            try await world.signIn(password, as: email, showing: shown)
        }
    }

    @Test func `the right password signs in, however the address is written`() async throws {
        try await AuthWorld.use { world in
            let pair = try await world.signIn(as: "Ada@Example.ORG")
            let principal = try #require(try await world.resolve(pair.accessToken).principal)
            #expect(principal.accountID == world.account && principal.credential == .accessToken)
            #expect(principal.expiresAt == world.clock.now + .hours(2))
            #expect(!principal.isAdmin && principal.scopes == nil)
        }
    }

    @Test func `a browser gets a cookie for the password, under the same rules`() async throws {
        try await AuthWorld.use { world in
            func begin(_ password: String) async throws -> String {
                try await world.passwords.beginSession(
                    of: AuthWorld.email, with: password, showing: ShownSession(), from: AuthWorld.place)
            }
            let cookie = CredentialInput(source: .cookie, secret: try await begin(AuthWorld.password), unspent: 0)
            let principal = try #require(try await world.judge.resolve(cookie).principal)
            #expect(principal.accountID == world.account && principal.credential == .session)
            for _ in 0..<10 { await #expect(throws: PasswordError.wrong) { try await begin("wrong") } }
            await expectClosed(for: .hours(1), in: world)
            await #expect(throws: PasswordError.tooManyWrong(retryAfter: .hours(1))) {
                try await begin(AuthWorld.password)
            }
            world.clock.advance(by: .hours(1))
            _ = try await world.adminUsers.block(world.account, .freelancer)
            await #expect(throws: AccountError.blocked) { try await begin(AuthWorld.password) }
        }
    }

    @Test func `a wrong password and an address that nobody has are refused alike, and both are counted`()
        async throws
    {
        try await AuthWorld.use { world in
            for email in [AuthWorld.email, "nobody@example.org"] {
                try await close(email, in: world)
                await expectClosed("wrong", as: email, for: .hours(1), in: world)
            }
            #expect(PasswordError.wrong.code.status == 400)
            #expect(PasswordError.tooManyWrong(retryAfter: .hours(1)).code.status == 429)
        }
    }

    @Test func `after ten wrong passwords the right one waits too, until the hour is over`() async throws {
        try await AuthWorld.use { world in
            try await close(in: world)
            world.clock.advance(by: .minutes(59))
            await expectClosed(for: .minutes(1), in: world)
            world.clock.advance(by: .minutes(1))
            try await world.signIn()
        }
    }

    @Test func `right passwords are not counted, and do not open the door for more wrong ones`() async throws {
        try await AuthWorld.use { world in
            for _ in 0..<12 { try await world.signIn() }
            for _ in 0..<5 {
                await #expect(throws: PasswordError.wrong) { try await world.signIn("wrong") }
            }
            try await world.signIn()
            for _ in 0..<5 {
                await #expect(throws: PasswordError.wrong) { try await world.signIn("wrong") }
            }
            await expectClosed(for: .hours(1), in: world)
        }
    }

    @Test func `passwords that nobody had the time to look at are not counted`() async throws {
        try await AuthWorld.use { world in
            let busy = PasswordWorkflow(
                database: world.database, clock: world.clock, accounts: AccountStore(),
                passwords: PasswordStore(), attempts: AttemptStore(), sessions: SessionStore(),
                revocations: RevocationStore(), hasher: PasswordHasher(cost: AuthWorld.cost, limit: 0),
                tokens: world.tokens)
            let input = LoginInput(email: AuthWorld.email, password: AuthWorld.password)
            for _ in 0..<12 {
                await #expect(throws: PasswordError.tooManySignIns) {
                    try await busy.signIn(input, showing: ShownSession(), from: AuthWorld.place)
                }
            }
            #expect(PasswordError.tooManySignIns.code.status == 503)
            try await world.signIn()
        }
    }

    @Test func `guesses made at once are not more than ten`() async throws {
        try await AuthWorld.use { world in
            let looked = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        do {
                            try await world.signIn("wrong")
                            return true
                        } catch {
                            return error as? PasswordError == .wrong
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(looked == 10)
        }
    }

    @Test func `the owner still signs in from a session of theirs, by any of its three signs`() async throws {
        try await AuthWorld.use { world in
            let known = try await world.signIn()
            let browser = Session.make(for: world.account, at: world.clock.now)
            try await world.database.transaction { try await SessionStore().insert(browser.session, in: $0) }
            try await close(in: world)
            for shown in [
                ShownSession(refreshToken: known.refreshToken), ShownSession(accessToken: known.accessToken),
                ShownSession(cookie: browser.text),
            ] {
                try await world.signIn(showing: shown)
            }
            await expectClosed(for: .hours(1), in: world)
        }
    }

    @Test func `a session of somebody else's, or an ended one, is of no help`() async throws {
        try await AuthWorld.use { world in
            let other = Account.signingUp(try .named("eve", id: 2), plan: .free, at: world.clock.now)
            let stranger = Session.make(for: other.id, at: world.clock.now)
            try await world.database.transaction { tx in
                _ = try await AccountStore().insertIfAbsent(other, in: tx)
                try await SessionStore().insert(stranger.session, in: tx)
            }
            let ended = ShownSession(refreshToken: try await world.signIn().refreshToken)
            try await world.tokens.signOut(ended)
            try await close(in: world)
            for shown in [ShownSession(cookie: stranger.text), ended, ShownSession(accessToken: "a.b.c")] {
                await expectClosed(for: .hours(1), in: world, showing: shown)
            }
        }
    }

    @Test func `a stolen session is no way to guess on`() async throws {
        try await AuthWorld.use { world in
            let shown = ShownSession(refreshToken: try await world.signIn().refreshToken)
            try await close(in: world)
            for _ in 0..<10 {
                await #expect(throws: PasswordError.wrong) {
                    try await world.signIn("wrong", showing: shown)
                }
            }
            await expectClosed(for: .hours(1), in: world, showing: shown)
        }
    }
}
