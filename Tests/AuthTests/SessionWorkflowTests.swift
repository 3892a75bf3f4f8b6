import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

@Suite struct SessionWorkflowTests {
    private let clock = TestClock()

    private func use(_ body: (SessionWorkflow, Database, AccountID) async throws -> Void) async throws {
        try await AuthWorld.use(clock) { try await body($0.sessions, $0.database, $0.account) }
    }

    @Test func `the browser is sent to GitHub with a challenge`() async throws {
        try await use { workflow, _, _ in
            let url = try await workflow.begin(at: .gitHub, returnTo: "/gigs").url
            #expect(url.hasPrefix("http://127.0.0.1:9/login/oauth/authorize?client_id=id&"))
            #expect(
                url.contains("code_challenge_method=S256")
                    && url.contains("redirect_uri=http%3A%2F%2Flocalhost%2Fapi%2Fsession%2Fgithub%2Fcallback"))
        }
    }

    @Test func `two tabs sign in beside each other, in whatever order they come back`() async throws {
        try await use { workflow, _, _ in
            let (first, second) = (
                try await workflow.begin(at: .gitHub, returnTo: "/a"),
                try await workflow.begin(at: .gitHub, returnTo: "/b")
            )
            #expect(first.state != second.state && first.browserSecret != second.browserSecret)
            for departure in [second, first] {
                // Its own state and cookie are right, so it gets as far as GitHub, which does not answer here.
                await #expect(throws: SignInError.declined(.gitHub)) {
                    try await workflow.finish(
                        from: .gitHub, code: nil, state: departure.state, browserSecret: departure.browserSecret)
                }
            }
            let third = try await workflow.begin(at: .gitHub, returnTo: "/")
            await #expect(throws: SignInError.notBegunHere) {
                try await workflow.finish(
                    from: .gitHub, code: nil, state: third.state, browserSecret: first.browserSecret)
            }
        }
    }

    @Test func `a state works once, whatever came of it`() async throws {
        try await use { workflow, _, _ in
            let departure = try await workflow.begin(at: .gitHub, returnTo: "/")
            let state = departure.state
            await #expect(throws: SignInError.notBegunHere) {
                try await workflow.finish(from: .gitHub, code: "c", state: state, browserSecret: "another browser's")
            }
            await #expect(throws: SignInError.notBegunHere) {
                try await workflow.finish(
                    from: .gitHub, code: "c", state: state, browserSecret: departure.browserSecret)
            }
        }
    }

    /// Who has registered with a mail address, and proven it.
    private func registered(_ email: String, in world: AuthWorld) async throws -> AccountID {
        let account = Account.registering(email, as: "Grace Hopper", .client, plan: .free, at: world.clock.now)
        try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
        return account.id
    }

    private func owner(of cookie: String, in world: AuthWorld) async throws -> Account {
        let input = CredentialInput(source: .cookie, secret: cookie, unspent: 0)
        let principal = try #require(try await world.judge.resolve(input).principal)
        return try await world.accounts.account(principal.accountID)
    }

    @Test func `an address that both sides have confirmed leads to one account`() async throws {
        try await AuthWorld.use(clock) { world in
            let known = try await registered("grace@example.org", in: world)
            let user = try GitHubUser.named(
                "hopper", id: 2,
                emails: [("other@example.org", true, true), ("Grace@Example.org", false, true)])
            let account = try await owner(of: try await world.sessions.begin(for: .gitHub(user)), in: world)
            #expect(account.id == known && account.gitHub?.id == 2 && account.userType == .client)
            #expect(try await world.destinations(of: .accountUpdated).isEmpty == false)
            // From now on the identity counts, whatever the addresses are.
            let later = try await owner(
                of: try await world.sessions.begin(for: .gitHub(.named("hopper2", id: 2))), in: world)
            #expect(later.id == known && later.gitHub?.username == "hopper2")
        }
    }

    @Test func `an address that GitHub has not confirmed, or that another identity has, links nothing`() async throws {
        try await AuthWorld.use(clock) { world in
            let known = try await registered("grace@example.org", in: world)
            let claimed = try await owner(
                of: try await world.sessions.begin(
                    for: .gitHub(.named("mallory", id: 3, emails: [("grace@example.org", true, false)]))), in: world)
            #expect(claimed.id != known && claimed.verifiedEmail == nil)
            let first = try GitHubUser.named("hopper", id: 4, emails: [("grace@example.org", true, true)])
            #expect(try await owner(of: try await world.sessions.begin(for: .gitHub(first)), in: world).id == known)
            let second = try GitHubUser.named("hopper-too", id: 5, emails: [("grace@example.org", true, true)])
            let other = try await owner(of: try await world.sessions.begin(for: .gitHub(second)), in: world)
            #expect(other.id != known && other.verifiedEmail == nil && other.gitHub?.id == 5)
        }
    }

    @Test func `who comes from GitHub first has proven the address that GitHub has confirmed`() async throws {
        try await AuthWorld.use(clock) { world in
            let user = try GitHubUser.named(
                "hopper", id: 6, emails: [("second@example.org", false, true), ("Grace@Example.org", true, true)])
            let account = try await owner(of: try await world.sessions.begin(for: .gitHub(user)), in: world)
            #expect(account.verifiedEmail == "grace@example.org")
            await #expect(throws: RegistrationError.taken) {
                try await world.registrations.register(
                    RegistrationInput(
                        name: "Grace Hopper", email: "grace@example.org", password: "Compiler-1952!", role: .client))
            }
        }
    }

    @Test func `a blocked account is not entered through GitHub`() async throws {
        try await AuthWorld.use(clock) { world in
            let known = try await registered("grace@example.org", in: world)
            _ = try await world.adminUsers.block(known, .client)
            let user = try GitHubUser.named("hopper", id: 7, emails: [("grace@example.org", true, true)])
            await #expect(throws: AccountError.blocked) { try await world.sessions.begin(for: .gitHub(user)) }
            #expect(try await world.accounts.account(known).gitHub == nil)
        }
    }

    @Test func `declining at GitHub is told apart from its absence`() async throws {
        try await use { workflow, _, _ in
            let first = try await workflow.begin(at: .gitHub, returnTo: "/")
            let state = first.state
            await #expect(throws: SignInError.declined(.gitHub)) {
                try await workflow.finish(from: .gitHub, code: nil, state: state, browserSecret: first.browserSecret)
            }
        }
    }

    @Test(.timeLimit(.minutes(20))) func `when GitHub is away the answer is try again`() async throws {
        try await use { workflow, _, _ in
            let departure = try await workflow.begin(at: .gitHub, returnTo: "/")
            let state = departure.state
            do {
                _ = try await workflow.finish(
                    from: .gitHub, code: "c", state: state, browserSecret: departure.browserSecret)
                Issue.record("nobody can sign in without GitHub")
            } catch let error as SignInError {
                #expect(error.code == .serviceUnavailable && error.retryAfter != nil)
            }
        }
    }

    @Test func `a session stands for its account until it is ended or over`() async throws {
        try await AuthWorld.use(clock) { world in
            let (workflow, judge, account) = (world.sessions, world.judge, world.account)
            let made = Session.make(for: account, at: clock.now)
            try await world.database.transaction { try await SessionStore().insert(made.session, in: $0) }
            let input = CredentialInput(source: .cookie, secret: made.text, unspent: 0)
            let principal = try #require(try await judge.resolve(input).principal)
            #expect(principal.accountID == account && principal.sessionID == made.session.id)
            #expect(try await workflow.account(of: principal).id == account)
            #expect(principal.expiresAt == clock.now + .days(30))
            #expect(
                try await judge.resolve(CredentialInput(source: .token, secret: made.text, unspent: 0)).principal == nil
            )
            try await workflow.end(made.session.id)
            try await workflow.end(made.session.id)
            #expect(try await judge.resolve(input).refusal != nil)
        }
    }

    @Test func `all sessions of an account end at once, and nobody else's`() async throws {
        try await AuthWorld.use { world in
            let other = Account.signingUp(try .named("grace", id: 2), plan: .free, at: world.clock.now)
            let (mine, theirs) = (
                Session.make(for: world.account, at: world.clock.now), Session.make(for: other.id, at: world.clock.now)
            )
            try await world.database.transaction { tx in
                _ = try await AccountStore().insertIfAbsent(other, in: tx)
                try await SessionStore().insert(mine.session, in: tx)
                try await SessionStore().insert(theirs.session, in: tx)
            }
            let tokens = try await world.signIn()
            let key = try await world.keys.create(APIKeyInput(), for: world.account)
            for _ in 0..<2 { try await world.sessions.endAll(of: world.account) }
            #expect(try await !world.isAccepted(mine.text, .cookie))
            #expect(try await !world.isAccepted(tokens.accessToken, .token))
            await #expect(throws: RefreshTokenError.refused) {
                try await world.tokens.refresh(tokens.refreshToken)
            }
            #expect(try await world.isAccepted(theirs.text, .cookie))
            #expect(try await world.isAccepted(key.text, .token))
        }
    }

    @Test func `one session too many ends the oldest, and everybody hears of it`() async throws {
        try await AuthWorld.use { world in
            let first = try await world.signIn()
            for _ in 1..<Session.limit {
                world.clock.advance(by: .milliseconds(1))
                try await world.signIn()
            }
            #expect(try await world.refusal(of: first.accessToken) == nil)
            world.clock.advance(by: .milliseconds(1))
            let last = try await world.signIn()
            #expect(try await world.refusal(of: first.accessToken) == "The session has ended; sign in again.")
            #expect(try await world.refusal(of: last.accessToken) == nil)
            let count: Int = try await world.database.one("SELECT count(*) AS count FROM sessions") {
                try $0.decode("count")
            }
            #expect(count == Session.limit)
        }
    }

    @Test func `a session in use outlives one that was begun later and never used`() async throws {
        try await AuthWorld.use { world in
            let used = try await world.signIn()
            var unused: TokenPair?
            for _ in 1..<Session.limit {
                world.clock.advance(by: .milliseconds(1))
                let pair = try await world.signIn()
                unused = unused ?? pair
            }
            world.clock.advance(by: .milliseconds(1))
            let refreshed = try await world.tokens.refresh(used.refreshToken)
            world.clock.advance(by: .milliseconds(1))
            try await world.signIn()
            #expect(try await world.refusal(of: refreshed.accessToken) == nil)
            #expect(try await world.refusal(of: #require(unused).accessToken) != nil)
        }
    }

    @Test func `who deletes an account and signs up again goes on with the day they had, again and again`() async throws
    {
        try await use { workflow, database, account in
            let limits = try #require(Plan.free.limits)
            var account = account
            var used = 0
            for login in ["ada-2", "ada-3"] {
                for _ in 0..<3 {
                    used = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
                        .dayUsed
                }
                let end = account
                try await database.transaction { tx in
                    let digests = IdentityDigests.ofTests.of(gitHub: 1, emails: [])
                    try await DepartureStore().remember(end, as: digests, in: tx)
                    try await DeletionStore().bury(end, reason: nil, at: clock.now, in: tx)
                }
                _ = try await workflow.begin(for: .gitHub(.named(login, id: 1)))
                account = try await database.one("SELECT id FROM accounts WHERE github_id = 1") { try $0.decode("id") }
                #expect(account != end)
                let again = try #require(try await AccountStore().find(account, in: database))
                #expect(again.isReturning && again.facts.isReturning)
                let next = try await UsageStore().charge(account, limits, unspent: 0, at: clock.now, in: database)
                #expect(next.dayUsed == used + next.requests)
                used = next.dayUsed
            }
            _ = try await workflow.begin(for: .gitHub(.named("grace", id: 2)))
            let other: AccountID = try await database.one("SELECT id FROM accounts WHERE github_id = 2") {
                try $0.decode("id")
            }
            #expect(try await AccountStore().find(other, in: database)?.isReturning == false)
            let first = try await UsageStore().charge(other, limits, unspent: 0, at: clock.now, in: database)
            #expect(first.dayUsed == first.requests)
        }
    }

    @Test func `a deleted account is remembered by a digest alone`() async throws {
        try await AuthWorld.use(clock) { world in
            try await world.deletions.delete(world.account, reason: nil)
            let digests: [String] = try await world.database.all("SELECT digest FROM departed_people") {
                try $0.decode("digest")
            }
            #expect(digests == IdentityDigests.ofTests.of(gitHub: 1, emails: []))
            let others = [
                IdentityDigests(.departedIdentities, of: RotatingSecret(Secret("another"))),
                IdentityDigests(.tombstones, of: RotatingSecret(Secret("by which the departed are recognised"))),
            ]
            for other in others { #expect(digests != other.of(gitHub: 1, emails: [])) }
        }
    }

    @Test func `an account is made once per GitHub user, and follows its name`() async throws {
        try await use { workflow, database, account in
            let again = Account.signingUp(try .named("ada-renamed", id: 1), plan: .free, at: clock.now)
            let isAdded = try await database.transaction { try await AccountStore().insertIfAbsent(again, in: $0) }
            #expect(!isAdded)
            for _ in 0..<2 { _ = try await workflow.begin(for: .gitHub(.named("ada-renamed", id: 1))) }
            let known = try #require(try await AccountStore().find(account, in: database))
            #expect(known.version == 2 && known.gitHub?.username == "ada-renamed")
        }
    }

    @Test func `a new GitHub user starts as a client and may not become a freelancer yet`() async throws {
        try await AuthWorld.use(clock) { world in
            let accounts = world.accounts
            let young = Account.signingUp(
                try .named("new", id: 2, since: clock.now - .days(30)), plan: .free, at: clock.now)
            #expect(young.userType == .client)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(young, in: $0) }
            await #expect(throws: AccountError.self) { try await accounts.setUserType(.freelancer, of: young.id) }
            clock.advance(by: .days(160))
            #expect(try await accounts.setUserType(.freelancer, of: young.id).userType == .freelancer)
            #expect(try await accounts.setUserType(.client, of: young.id).version == 3)
            #expect(try await accounts.setPlan(.custom, of: young.id).plan == .custom)
        }
    }
}
