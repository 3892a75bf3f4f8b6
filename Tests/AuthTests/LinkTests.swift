import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: an identity is linked to the account of who is signed in, by nobody else, and it is never
/// taken away from somebody who has no other way in.
@Suite struct LinkTests {
    /// An account with a mail address alone, and its session.
    private func person(_ email: String, in world: AuthWorld) async throws -> LiveSession {
        let account = Account.registering(email, as: "Grace Hopper", .client, plan: .free, at: world.clock.now)
        let session = Session.make(for: account.id, at: world.clock.now).session
        try await world.database.transaction { tx in
            _ = try await AccountStore().insertIfAbsent(account, in: tx)
            try await SessionStore().insert(session, in: tx)
        }
        return LiveSession(id: session.id, accountID: account.id)
    }

    @Test func `GitHub is linked to who is signed in, and leads there from then on`() async throws {
        try await AuthWorld.use { world in
            let session = try await person("grace@example.org", in: world)
            let user = try GitHubUser.named("hopper", id: 2, showing: "hopper@github.example")
            for _ in 0..<2 { try await world.sessions.link(.gitHub(user), to: session) }
            let account = try await world.accounts.account(session.accountID)
            #expect(account.gitHub?.username == "hopper" && account.version == 2)
            // Who has proven an address here is still reached there.
            #expect(account.email == "grace@example.org")
            #expect(try await world.destinations(of: .accountUpdated) == ["talent"])
            #expect(try await world.sessions.signInMethods(of: account) == [.github])
            let text = try await world.sessions.begin(for: .gitHub(user))
            let principal = try await world.judge.resolve(
                CredentialInput(source: .cookie, secret: text, unspent: 0)
            ).principal
            #expect(principal?.accountID == session.accountID)
        }
    }

    @Test func `a GitHub user of another account stays there, and an account has one GitHub user`() async throws {
        try await AuthWorld.use { world in
            let session = try await person("grace@example.org", in: world)
            await #expect(throws: SignInError.linkedElsewhere(.gitHub)) {
                try await world.sessions.link(.gitHub(.named("ada", id: 1)), to: session)
            }
            #expect(SignInError.linkedElsewhere(.gitHub).code == .conflict)
            #expect(try await world.accounts.account(session.accountID).gitHub == nil)
            #expect(try await world.accounts.account(world.account).gitHub?.id == 1)
            try await world.sessions.link(.gitHub(.named("hopper", id: 2)), to: session)
            await #expect(throws: SignInError.alreadyLinked(.gitHub, username: "hopper")) {
                try await world.sessions.link(.gitHub(.named("other", id: 3)), to: session)
            }
        }
    }

    @Test func `twenty people who link one GitHub user at once are one who has it`() async throws {
        try await AuthWorld.use { world in
            var people: [LiveSession] = []
            for number in 0..<20 { people.append(try await person("p\(number)@example.org", in: world)) }
            let sessions = people
            let linked = await attempts(20) { number in
                try await world.sessions.link(.gitHub(.named("hopper", id: 2)), to: sessions[number])
            }
            #expect(linked.failures.count == 19)
            #expect(linked.failures.allSatisfy { $0 as? SignInError == .linkedElsewhere(.gitHub) })
        }
    }

    @Test func `a state of another session is refused, in every browser`() async throws {
        try await AuthWorld.use { world in
            let mallory = try await person("mallory@example.org", in: world)
            let victim = try await person("grace@example.org", in: world)
            // The victim's browser, lured to the way back: it lacks the cookie.
            let lured = try await world.sessions.begin(at: .gitHub, returnTo: "/", linking: mallory)
            await #expect(throws: SignInError.notBegunHere) {
                try await world.sessions.finish(
                    from: .gitHub, code: "c", state: lured.state, browserSecret: nil, inBrowserOf: victim.accountID)
            }
            // Even with the cookie it is the victim's browser, and not the one that began.
            let planted = try await world.sessions.begin(at: .gitHub, returnTo: "/", linking: mallory)
            await #expect(throws: SignInError.otherSession(.gitHub)) {
                try await world.sessions.finish(
                    from: .gitHub, code: "c", state: planted.state, browserSecret: planted.browserSecret,
                    inBrowserOf: victim.accountID)
            }
            // And it was used up by that.
            await #expect(throws: SignInError.notBegunHere) {
                try await world.sessions.finish(
                    from: .gitHub, code: "c", state: planted.state, browserSecret: planted.browserSecret,
                    inBrowserOf: mallory.accountID)
            }
            for session in [mallory, victim] {
                #expect(try await world.accounts.account(session.accountID).gitHub == nil)
            }
        }
    }

    @Test func `who signs out on the way links nothing`() async throws {
        try await AuthWorld.use { world in
            let session = try await person("grace@example.org", in: world)
            let departure = try await world.sessions.begin(at: .gitHub, returnTo: "/", linking: session)
            try await world.sessions.end(session.id)
            await #expect(throws: SignInError.notBegunHere) {
                try await world.sessions.finish(
                    from: .gitHub, code: "c", state: departure.state, browserSecret: departure.browserSecret)
            }
            await #expect(throws: SignInError.notBegunHere) {
                try await world.sessions.link(.gitHub(.named("hopper", id: 2)), to: session)
            }
        }
    }

    @Test func `GitHub is taken away from who has a password, and not from who has nothing else`() async throws {
        try await AuthWorld.use { world in
            #expect(
                try await world.sessions.signInMethods(of: world.accounts.account(world.account)) == [
                    .password, .github,
                ])
            for _ in 0..<2 { try await world.sessions.unlink(.gitHub, of: world.account) }
            let account = try await world.accounts.account(world.account)
            #expect(account.gitHub == nil && account.version == 2)
            #expect(try await world.destinations(of: .accountUpdated) == ["talent"])
            try await world.signIn()
            try await world.sessions.unlink(.google, of: world.account)

            let session = try await person("grace@example.org", in: world)
            try await world.sessions.link(.gitHub(.named("hopper", id: 2)), to: session)
            await #expect(throws: SignInError.onlyWayIn) {
                try await world.sessions.unlink(.gitHub, of: session.accountID)
            }
            #expect(try await world.accounts.account(session.accountID).gitHub?.id == 2)
        }
    }

    @Test func `GitHub that was unlinked stays out, until its owner links it again`() async throws {
        try await AuthWorld.use { world in
            let session = try await person("grace@example.org", in: world)
            let user = try GitHubUser.named("hopper", id: 2, emails: [("grace@example.org", true, true)])
            let another = try GitHubUser.named(
                "other", id: 3, emails: [("free@example.org", true, true), ("grace@example.org", false, true)])
            // The equal address links it, the first time.
            _ = try await world.sessions.begin(for: .gitHub(user))
            #expect(try await world.accounts.account(session.accountID).gitHub?.id == 2)
            try await world.database.execute(
                "UPDATE accounts SET google_subject = '1001' WHERE id = \(session.accountID)")
            try await world.sessions.unlink(.gitHub, of: session.accountID)
            for stranger in [user, another] {
                await #expect(throws: SignInError.keptOut(.gitHub)) {
                    try await world.sessions.begin(for: .gitHub(stranger))
                }
            }
            #expect(SignInError.keptOut(.gitHub).code == .conflict)
            #expect(try await world.accounts.account(session.accountID).gitHub == nil)
            try await world.sessions.link(.gitHub(user), to: session)
            _ = try await world.sessions.begin(for: .gitHub(user))
            #expect(try await world.accounts.account(session.accountID).gitHub?.id == 2)
        }
    }

    @Test func `a mail address that changed at GitHub is told to those who keep it`() async throws {
        try await AuthWorld.use { world in
            func signIn(_ email: String) async throws -> (email: String?, news: Int) {
                _ = try await world.sessions.begin(
                    for: .gitHub(.named("hopper", id: 2, showing: email, emails: [("first@example.org", true, true)])))
                let account: AccountID = try await world.database.one("SELECT id FROM accounts WHERE github_id = 2") {
                    try $0.decode("id")
                }
                let news: Int = try await world.database.one(
                    "SELECT count(*) AS count FROM outbox WHERE name = 'account.updated'"
                ) { try $0.decode("count") }
                return (try await world.accounts.account(account).facts.email, news)
            }
            var seen = try await signIn("shown@example.org")
            #expect(seen.email == "shown@example.org" && seen.news == 0)
            seen = try await signIn("shown@example.org")
            #expect(seen.news == 0)
            seen = try await signIn("new@example.org")
            #expect(seen.email == "new@example.org" && seen.news == 1)
        }
    }
}
