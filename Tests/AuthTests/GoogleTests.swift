import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: Google's word is taken for who somebody is, and nobody else's.
@Suite struct GoogleTests {
    /// Runs `body` in a world where Google has the keys in `set`.
    private func use(
        _ set: Shared<[String]>, _ body: (AuthWorld) async throws -> Void
    ) async throws {
        try await LocalServer.serve { _ in
            .json(200, #"{"keys":[\#(set.value.joined(separator: ","))]}"#)
        } _: { url in
            try await AuthWorld.use(settings: ["GOOGLE_JWKS_URL": url]) { try await body($0) }
        }
    }

    private func use(_ body: (AuthWorld, GoogleIssuer) async throws -> Void) async throws {
        let google = try await GoogleIssuer("first")
        try await use(Shared([google.json])) { try await body($0, google) }
    }

    private func signIn(
        _ token: String, _ role: Role? = .client, in world: AuthWorld, showing shown: ShownSession = ShownSession()
    ) async throws -> Account {
        try await world.google.signIn(GoogleLoginInput(token: token, role: role), showing: shown).account
    }

    @Test func `a person who comes for the first time gets an account, and comes back to it`() async throws {
        try await use { world, google in
            let token = try await google.token(GoogleClaims())
            let made = try await signIn(token, in: world)
            #expect(made.userType == .client && made.displayName == "Grace Hopper")
            #expect(made.verifiedEmail == "grace@example.org" && made.googleSubject == "1001")
            #expect(try await world.destinations(of: .accountCreated) == ["payments", "talent"])
            // Another address at Google, and another role, change nothing.
            let later = try await google.token(GoogleClaims(email: "hopper@example.org"))
            let again = try await signIn(later, .freelancer, in: world)
            #expect(again.id == made.id && again.userType == .client)
        }
    }

    @Test func `an account without a password cannot be signed in to with one`() async throws {
        try await use { world, google in
            _ = try await signIn(google.token(GoogleClaims()), in: world)
            await #expect(throws: PasswordError.wrong) { try await world.signIn("", as: "grace@example.org") }
        }
    }

    @Test func `an account that has proven the same address is linked`() async throws {
        try await use { world, google in
            let account = Account.registering("grace@example.org", as: "Grace H", .freelancer, plan: .free, at: .start)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
            let linked = try await signIn(google.token(GoogleClaims()), in: world)
            #expect(linked.id == account.id && linked.userType == .freelancer)
            // Not a second time: the address now belongs to somebody else at Google.
            await #expect(throws: GoogleError.taken) {
                try await signIn(google.token(GoogleClaims(sub: "1002")), in: world)
            }
        }
    }

    @Test func `Google that was unlinked stays out, until its owner links it again`() async throws {
        try await use { world, google in
            let pair = try await world.signIn()
            let shown = ShownSession(accessToken: pair.accessToken)
            try await world.database.execute(
                "UPDATE accounts SET verified_email = 'grace@example.org' WHERE id = \(world.account)")
            let claims = GoogleClaims()
            #expect(try await signIn(google.token(claims), in: world).id == world.account)
            try await world.sessions.unlink(.google, of: world.account)
            for claims in [claims, GoogleClaims(sub: "1002")] {
                await #expect(throws: SignInError.keptOut(.google)) {
                    try await signIn(google.token(claims), in: world)
                }
            }
            #expect(SignInError.keptOut(.google).code.status == 409)
            #expect(try await world.accounts.account(world.account).googleSubject == nil)
            #expect(try await signIn(google.token(claims), in: world, showing: shown).id == world.account)
            #expect(try await signIn(google.token(claims), in: world).id == world.account)
        }
    }

    @Test func `an account that only names the address is not linked, nor is one that signs in with it unproven`()
        async throws
    {
        try await use { world, google in
            await #expect(throws: GoogleError.taken) {
                try await signIn(google.token(GoogleClaims(email: AuthWorld.email)), in: world)
            }
            #expect(GoogleError.taken.code.status == 409)
        }
    }

    @Test func `a session's account is linked when its access token is shown, and no cookie does that`()
        async throws
    {
        try await use { world, google in
            let pair = try await world.signIn()
            let token = try await google.token(GoogleClaims())
            let byCookie = try await signIn(
                token, in: world, showing: ShownSession(refreshToken: pair.refreshToken))
            #expect(byCookie.id != world.account)
            let shown = ShownSession(accessToken: pair.accessToken)
            await #expect(throws: SignInError.linkedElsewhere(.google)) {
                try await signIn(token, in: world, showing: shown)
            }
            let other = try await google.token(GoogleClaims(sub: "1002", email: "else@example.org"))
            #expect(try await signIn(other, in: world, showing: shown).id == world.account)
            #expect(try await signIn(other, in: world).id == world.account)
        }
    }

    @Test func `a new account needs a role, and nobody signs up as an admin`() async throws {
        try await use { world, google in
            let token = try await google.token(GoogleClaims())
            await #expect(throws: GoogleError.roleMissing) { try await signIn(token, nil, in: world) }
            await #expect(throws: GoogleError.adminRole) { try await signIn(token, .admin, in: world) }
            #expect(GoogleError.adminRole.code.status == 403 && GoogleError.roleMissing.code.status == 400)
        }
    }

    @Test func `a blocked account does not come in this way either`() async throws {
        try await use { world, google in
            let account = try await signIn(google.token(GoogleClaims()), in: world)
            _ = try await world.adminUsers.block(account.id, .client)
            await #expect(throws: AccountError.blocked) { try await signIn(google.token(GoogleClaims()), in: world) }
        }
    }

    @Test func `a token that is not Google's, not for us, or out of date is refused`() async throws {
        try await use { world, google in
            let stranger = try await GoogleIssuer("first")
            var tokens = [
                "", "a.b.c", try await stranger.token(GoogleClaims()),
                try await google.token(GoogleClaims(), key: "other"),
            ]
            for claims in [
                GoogleClaims(iss: "https://accounts.example.com"), GoogleClaims(aud: "somebody-else"),
                GoogleClaims(sub: ""),
                GoogleClaims(exp: Timestamp.start.seconds), GoogleClaims(iat: (Timestamp.start + .minutes(2)).seconds),
            ] { tokens.append(try await google.token(claims)) }
            let parts = try await google.token(GoogleClaims()).split(separator: ".").map(String.init)
            tokens.append("\(Base64URL.encode(#"{"alg":"none","kid":"first"}"#.utf8)).\(parts[1]).")
            tokens.append("\(Base64URL.encode(#"{"alg":"HS256","kid":"first"}"#.utf8)).\(parts[1]).\(parts[2])")
            for token in tokens {
                await #expect(throws: GoogleError.tokenRefused) { try await signIn(token, in: world) }
            }
            for claims in [
                GoogleClaims(email: nil), GoogleClaims(isEmailVerified: false), GoogleClaims(isEmailVerified: nil),
            ] {
                await #expect(throws: GoogleError.addressUnverified) {
                    try await signIn(google.token(claims), in: world)
                }
            }
            #expect(GoogleError.tokenRefused.code.status == 401 && GoogleError.addressUnverified.code.status == 401)
            let count: Int = try await world.database.one("SELECT count(*) AS count FROM accounts") {
                try $0.decode("count")
            }
            #expect(count == 1)
        }
    }

    @Test func `a new key of Google's is fetched, and the keys are asked for once, not each time`() async throws {
        let (old, new) = (try await GoogleIssuer("first"), try await GoogleIssuer("second"))
        let set = Shared([old.json])
        try await use(set) { world in
            _ = try await signIn(old.token(GoogleClaims()), in: world)
            set.change { $0 = [new.json] }
            _ = try await signIn(old.token(GoogleClaims()), in: world)
            let token = try await new.token(GoogleClaims(), key: "second")
            await #expect(throws: GoogleError.tokenRefused) { try await signIn(token, in: world) }
            world.clock.advance(by: .minutes(1))
            _ = try await signIn(token, in: world)
            await #expect(throws: GoogleError.tokenRefused) { try await signIn(old.token(GoogleClaims()), in: world) }
        }
    }

    @Test func `without Google's keys nobody is let in, and the caller may try again`() async throws {
        try await AuthWorld.use { world in
            let google = try await GoogleIssuer("first")
            let refusal = await #expect(throws: SignInError.self) {
                try await signIn(google.token(GoogleClaims()), in: world)
            }
            #expect(refusal?.code.status == 503 && refusal?.retryAfter != nil)
        }
    }
}
