import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

@Suite struct SessionWorkflowTests {
    private let clock = TestClock()

    private func use(_ body: (SessionWorkflow, Database, AccountID) async throws -> Void) async throws {
        let settings = try AuthSettings(
            SettingsReader(
                .auth,
                [
                    "GUILDHALL_ENVIRONMENT": "development", "GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret",
                    // Nobody listens on the discard port.
                    "GITHUB_BASE_URL": "http://127.0.0.1:9", "GITHUB_API_BASE": "http://127.0.0.1:9",
                ]))
        let http = OutboundHTTP(logger: .quiet)
        try await AuthDatabase.use(clock) { database, account in
            let workflow = SessionWorkflow(
                database: database, clock: clock, outbox: Outbox(database: database, clock: clock),
                gitHub: GitHubClient(settings: settings, callbackURL: "http://localhost/callback", http: http),
                accounts: AccountStore(), sessions: SessionStore(), revocations: RevocationStore(), defaultPlan: .free)
            try await body(workflow, database, account)
        }
        await http.shutdown()
    }

    private func state(of departure: SessionWorkflow.Departure) throws -> String {
        let parameter = try #require(departure.url.split(separator: "&").first { $0.hasPrefix("state=") })
        return String(parameter.dropFirst("state=".count))
    }

    @Test func `the browser is sent to GitHub with a challenge`() async throws {
        try await use { workflow, _, _ in
            let url = try await workflow.begin(returnTo: "/gigs").url
            #expect(url.hasPrefix("http://127.0.0.1:9/login/oauth/authorize?client_id=id&"))
            #expect(
                url.contains("code_challenge_method=S256")
                    && url.contains("redirect_uri=http%3A%2F%2Flocalhost%2Fcallback"))
        }
    }

    @Test func `a state works once, whatever came of it`() async throws {
        try await use { workflow, _, _ in
            let departure = try await workflow.begin(returnTo: "/")
            let state = try state(of: departure)
            await #expect(throws: AuthError.signInNotBegunHere) {
                try await workflow.finish(code: "c", state: state, browserSecret: "another browser's")
            }
            await #expect(throws: AuthError.signInNotBegunHere) {
                try await workflow.finish(code: "c", state: state, browserSecret: departure.browserSecret)
            }
        }
    }

    @Test func `declining at GitHub is told apart from its absence`() async throws {
        try await use { workflow, _, _ in
            let first = try await workflow.begin(returnTo: "/")
            let state = try state(of: first)
            await #expect(throws: AuthError.signInDeclined) {
                try await workflow.finish(code: nil, state: state, browserSecret: first.browserSecret)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func `when GitHub is away the answer is try again`() async throws {
        try await use { workflow, _, _ in
            let departure = try await workflow.begin(returnTo: "/")
            let state = try state(of: departure)
            do {
                _ = try await workflow.finish(code: "c", state: state, browserSecret: departure.browserSecret)
                Issue.record("nobody can sign in without GitHub")
            } catch let error as AuthError {
                #expect(error.code == .serviceUnavailable && error.retryAfter != nil)
            }
        }
    }

    @Test func `a session stands for its account until it is ended or over`() async throws {
        try await use { workflow, database, account in
            let judge = CredentialWorkflow.ofAuth(database, clock, AccessTokens(keys: [try await SigningKey()]))
            let made = Session.make(for: account, at: clock.now)
            try await database.transaction { try await SessionStore().add(made.session, in: $0) }
            let input = CredentialInput(source: .cookie, secret: made.text, unspent: 0)
            let principal = try #require(try await judge.resolve(input).principal)
            #expect(principal.accountID == account && principal.sessionID == made.session.id)
            #expect(try await workflow.current(principal).expiresAt == clock.now + .days(30))
            #expect(
                try await judge.resolve(CredentialInput(source: .token, secret: made.text, unspent: 0)).principal == nil
            )
            try await workflow.end(made.session.id)
            try await workflow.end(made.session.id)
            #expect(try await judge.resolve(input).refusal != nil)
        }
    }

    @Test func `an account is made once per GitHub user`() async throws {
        try await use { _, database, account in
            let store = AccountStore()
            let identity = try GitHubUser.named("ada-renamed", id: 1).identity
            let again = Account.signingUp(try .named("ada-renamed", id: 1), plan: .free, at: clock.now)
            let known = try await database.transaction { tx in
                let isAdded = try await store.add(again, in: tx)
                #expect(!isAdded)
                return try await store.refresh(identity, at: clock.now, in: tx)
            }
            #expect(known.id == account && known.version == 2 && known.gitHub?.username == "ada-renamed")
        }
    }

    @Test func `a new GitHub user starts as a client and may not become a freelancer yet`() async throws {
        try await use { _, database, _ in
            let accounts = AccountWorkflow(
                database: database, clock: clock, accounts: AccountStore(), revocations: RevocationStore())
            let young = Account.signingUp(
                try .named("new", id: 2, since: clock.now - .days(30)), plan: .free, at: clock.now)
            #expect(young.userType == .client)
            try await database.transaction { tx in _ = try await AccountStore().add(young, in: tx) }
            await #expect(throws: AuthError.self) { try await accounts.setUserType(.freelancer, of: young.id) }
            clock.advance(by: .days(160))
            #expect(try await accounts.setUserType(.freelancer, of: young.id).userType == .freelancer)
            #expect(try await accounts.setUserType(.client, of: young.id).version == 3)
            #expect(try await accounts.setPlan(.custom, of: young.id).plan == .custom)
        }
    }
}
