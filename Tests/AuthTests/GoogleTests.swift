import Crypto
import JWTKit
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: Google's word is taken for who somebody is, and nobody else's.
@Suite struct GoogleTests {
    /// Someone who signs tokens.
    private struct Issuer: Sendable {
        let keys: JWTKeyCollection
        let json: String

        init(_ name: String) async throws {
            let key = P256.Signing.PrivateKey()
            keys = await JWTKeyCollection().add(ecdsa: try ES256PrivateKey(backing: key))
            let point = key.publicKey.rawRepresentation
            let (x, y) = (Base64URL.encode(point.prefix(32)), Base64URL.encode(point.suffix(32)))
            json =
                #"{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"\#(name)","x":"\#(x)","y":"\#(y)"}"#
        }

        func token(_ claims: Claims, key: String = "first") async throws -> String {
            try await keys.sign(claims, header: ["kid": .string(key)])
        }
    }

    private struct Claims: JWTPayload {
        var iss = "https://accounts.google.com"
        var aud = "guildhall.apps.googleusercontent.com"
        var sub = "1001"
        var iat = Timestamp.start.seconds
        var exp = (Timestamp.start + .hours(1)).seconds
        var email: String? = "Grace@Example.org"
        var isEmailVerified: Bool? = true
        var name: String? = "Grace Hopper"

        enum CodingKeys: String, CodingKey {
            case iss, aud, sub, iat, exp, email, name
            case isEmailVerified = "email_verified"
        }

        func verify(using algorithm: some JWTAlgorithm) {}
    }

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

    private func use(_ body: (AuthWorld, Issuer) async throws -> Void) async throws {
        let google = try await Issuer("first")
        try await use(Shared([google.json])) { try await body($0, google) }
    }

    private func signIn(
        _ token: String, _ role: Role? = .client, in world: AuthWorld, showing shown: ShownSession = ShownSession()
    ) async throws -> Account {
        try await world.google.signIn(GoogleLoginInput(token: token, role: role), showing: shown).account
    }

    @Test func `a person who comes for the first time gets an account, and comes back to it`() async throws {
        try await use { world, google in
            let token = try await google.token(Claims())
            let made = try await signIn(token, in: world)
            #expect(made.userType == .client && made.displayName == "Grace Hopper")
            #expect(made.verifiedEmail == "grace@example.org" && made.googleSubject == "1001")
            #expect(try await world.destinations(of: .accountCreated) == ["payments", "talent"])
            // Another address at Google, and another role, change nothing.
            let later = try await google.token(Claims(email: "hopper@example.org"))
            let again = try await signIn(later, .freelancer, in: world)
            #expect(again.id == made.id && again.userType == .client)
        }
    }

    @Test func `an account without a password cannot be signed in to with one`() async throws {
        try await use { world, google in
            _ = try await signIn(google.token(Claims()), in: world)
            await #expect(throws: PasswordError.wrong) { try await world.signIn("", as: "grace@example.org") }
        }
    }

    @Test func `an account that has proven the same address is linked`() async throws {
        try await use { world, google in
            let account = Account.registering("grace@example.org", as: "Grace H", .freelancer, plan: .free, at: .start)
            try await world.database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
            let linked = try await signIn(google.token(Claims()), in: world)
            #expect(linked.id == account.id && linked.userType == .freelancer)
            // Not a second time: the address now belongs to somebody else at Google.
            await #expect(throws: GoogleError.taken) {
                try await signIn(google.token(Claims(sub: "1002")), in: world)
            }
        }
    }

    @Test func `Google that was unlinked stays out, until its owner links it again`() async throws {
        try await use { world, google in
            let pair = try await world.signIn()
            let shown = ShownSession(accessToken: pair.accessToken)
            try await world.database.execute(
                "UPDATE accounts SET verified_email = 'grace@example.org' WHERE id = \(world.account)")
            let claims = Claims()
            #expect(try await signIn(google.token(claims), in: world).id == world.account)
            try await world.sessions.unlink(.google, of: world.account)
            for claims in [claims, Claims(sub: "1002")] {
                await #expect(throws: GoogleError.keptOut) { try await signIn(google.token(claims), in: world) }
            }
            #expect(GoogleError.keptOut.code.status == 409)
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
                try await signIn(google.token(Claims(email: AuthWorld.email)), in: world)
            }
            #expect(GoogleError.taken.code.status == 409)
        }
    }

    @Test func `a session's account is linked when its access token is shown, and no cookie does that`()
        async throws
    {
        try await use { world, google in
            let pair = try await world.signIn()
            let token = try await google.token(Claims())
            let byCookie = try await signIn(
                token, in: world, showing: ShownSession(refreshToken: pair.refreshToken))
            #expect(byCookie.id != world.account)
            let shown = ShownSession(accessToken: pair.accessToken)
            await #expect(throws: GoogleError.linkedElsewhere) { try await signIn(token, in: world, showing: shown) }
            let other = try await google.token(Claims(sub: "1002", email: "else@example.org"))
            #expect(try await signIn(other, in: world, showing: shown).id == world.account)
            #expect(try await signIn(other, in: world).id == world.account)
        }
    }

    @Test func `a new account needs a role, and nobody signs up as an admin`() async throws {
        try await use { world, google in
            let token = try await google.token(Claims())
            await #expect(throws: GoogleError.roleMissing) { try await signIn(token, nil, in: world) }
            await #expect(throws: GoogleError.adminRole) { try await signIn(token, .admin, in: world) }
            #expect(GoogleError.adminRole.code.status == 403 && GoogleError.roleMissing.code.status == 400)
        }
    }

    @Test func `a blocked account does not come in this way either`() async throws {
        try await use { world, google in
            let account = try await signIn(google.token(Claims()), in: world)
            _ = try await world.adminUsers.block(account.id, .client)
            await #expect(throws: AccountError.blocked) { try await signIn(google.token(Claims()), in: world) }
        }
    }

    @Test func `a token that is not Google's, not for us, or out of date is refused`() async throws {
        try await use { world, google in
            let stranger = try await Issuer("first")
            var tokens = [
                "", "a.b.c", try await stranger.token(Claims()), try await google.token(Claims(), key: "other"),
            ]
            for claims in [
                Claims(iss: "https://accounts.example.com"), Claims(aud: "somebody-else"), Claims(sub: ""),
                Claims(exp: Timestamp.start.seconds), Claims(iat: (Timestamp.start + .minutes(2)).seconds),
            ] { tokens.append(try await google.token(claims)) }
            let parts = try await google.token(Claims()).split(separator: ".").map(String.init)
            tokens.append("\(Base64URL.encode(#"{"alg":"none","kid":"first"}"#.utf8)).\(parts[1]).")
            tokens.append("\(Base64URL.encode(#"{"alg":"HS256","kid":"first"}"#.utf8)).\(parts[1]).\(parts[2])")
            for token in tokens {
                await #expect(throws: GoogleError.tokenRefused) { try await signIn(token, in: world) }
            }
            for claims in [Claims(email: nil), Claims(isEmailVerified: false), Claims(isEmailVerified: nil)] {
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
        let (old, new) = (try await Issuer("first"), try await Issuer("second"))
        let set = Shared([old.json])
        try await use(set) { world in
            _ = try await signIn(old.token(Claims()), in: world)
            set.change { $0 = [new.json] }
            _ = try await signIn(old.token(Claims()), in: world)
            let token = try await new.token(Claims(), key: "second")
            await #expect(throws: GoogleError.tokenRefused) { try await signIn(token, in: world) }
            world.clock.advance(by: .minutes(1))
            _ = try await signIn(token, in: world)
            await #expect(throws: GoogleError.tokenRefused) { try await signIn(old.token(Claims()), in: world) }
        }
    }

    @Test func `without Google's keys nobody is let in, and the caller may try again`() async throws {
        try await AuthWorld.use { world in
            let google = try await Issuer("first")
            let refusal = await #expect(throws: GoogleError.self) {
                try await signIn(google.token(Claims()), in: world)
            }
            #expect(refusal?.code.status == 503 && refusal?.retryAfter != nil)
        }
    }
}
