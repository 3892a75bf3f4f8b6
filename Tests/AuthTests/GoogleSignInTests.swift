import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: who comes back from Google is signed in on our pages, once, in the browser that went there, and
/// with a token that was made for that way alone.
@Suite struct GoogleSignInTests {
    /// Google as far as a sign-in needs it.
    private struct Google: Sendable {
        let issuer: GoogleIssuer
        /// What each code stands for.
        let grants = Shared<[String: GoogleClaims]>([:])
        /// The forms that codes were exchanged with.
        let exchanges = Shared<[[String: String]]>([])

        func answer(_ asked: LocalServer.Asked) async throws -> LocalServer.Answer {
            guard asked.path == "/token" else { return .json(200, #"{"keys":[\#(issuer.json)]}"#) }
            let form = fields(asked.text)
            exchanges.change { $0.append(form) }
            guard let claims = grants.value[form["code"] ?? ""] else {
                return .json(400, #"{"error":"invalid_grant","error_description":"Malformed auth code."}"#)
            }
            return .json(200, #"{"access_token":"ya29.a","id_token":"\#(try await issuer.token(claims))"}"#)
        }
    }

    private static func use(_ body: (AuthWorld, Google) async throws -> Void) async throws {
        let google = Google(issuer: try await GoogleIssuer("first"))
        try await LocalServer.serve(google.answer) { url in
            let settings = [
                "GOOGLE_BASE_URL": url, "GOOGLE_TOKEN_BASE": url, "GOOGLE_JWKS_URL": url + "/keys",
                "GOOGLE_CLIENT_ID": GoogleClaims().aud, "GOOGLE_CLIENT_SECRET": "open-sesame",
            ]
            try await AuthWorld.use(settings: settings) { try await body($0, google) }
        }
    }

    /// Goes to Google and comes back as whom the claims name.
    private func signIn(
        _ claims: GoogleClaims = GoogleClaims(), becoming type: UserType = .client, linking: LiveSession? = nil,
        nonce: String? = nil, in world: AuthWorld, _ google: Google
    ) async throws -> SessionWorkflow.Arrival {
        let departure = try await world.sessions.begin(
            at: .google, becoming: type, returnTo: "/gigs", linking: linking)
        var claims = claims
        claims.nonce = nonce ?? Self.query(departure.url)["nonce"]
        google.grants.change { $0["c"] = claims }
        return try await world.sessions.finish(
            from: .google, code: "c", state: departure.state, browserSecret: departure.browserSecret)
    }

    private static func query(_ url: String) -> [String: String] {
        fields(String(url.split(separator: "?", maxSplits: 1).last ?? ""))
    }

    private func owner(of arrival: SessionWorkflow.Arrival, in world: AuthWorld) async throws -> Account {
        let input = CredentialInput(source: .cookie, secret: try #require(arrival.sessionText), unspent: 0)
        let principal = try #require(try await world.judge.resolve(input).principal)
        return try await world.accounts.account(principal.accountID)
    }

    @Test
    func `the browser is sent to Google with a challenge and a nonce, and the code is exchanged with their proof`()
        async throws
    {
        try await Self.use { world, google in
            let departure = try await world.sessions.begin(at: .google, returnTo: "/gigs")
            let asked = Self.query(departure.url)
            #expect(departure.url.contains("/o/oauth2/v2/auth?client_id=guildhall.apps.googleusercontent.com&"))
            #expect(asked["scope"] == "openid email profile" && asked["response_type"] == "code")
            #expect(asked["state"] == departure.state && asked["code_challenge_method"] == "S256")
            #expect(asked["redirect_uri"] == "http://localhost/api/session/google/callback")
            google.grants.change { $0["c"] = GoogleClaims(nonce: asked["nonce"]) }
            let arrival = try await world.sessions.finish(
                from: .google, code: "c", state: departure.state, browserSecret: departure.browserSecret)
            #expect(arrival.returnTo == "/gigs")
            let form = try #require(google.exchanges.value.first)
            #expect(ProofKey(verifier: form["code_verifier"] ?? "").challenge == asked["code_challenge"])
            #expect(form["client_secret"] == "open-sesame" && form["redirect_uri"] == asked["redirect_uri"])
            await #expect(throws: SignInError.notBegunHere) {
                try await world.sessions.finish(
                    from: .google, code: "c", state: departure.state, browserSecret: departure.browserSecret)
            }
        }
    }

    @Test(arguments: UserType.allCases)
    func `who comes for the first time becomes what was asked for, and comes back to that account`(type: UserType)
        async throws
    {
        try await Self.use { world, google in
            let made = try await owner(of: try await signIn(becoming: type, in: world, google), in: world)
            #expect(made.userType == type && made.displayName == "Grace Hopper")
            #expect(made.verifiedEmail == "grace@example.org" && made.googleSubject == "1001")
            let other = GoogleClaims(email: "hopper@example.org")
            let again = try await owner(of: try await signIn(other, in: world, google), in: world)
            #expect(again.id == made.id && again.userType == type)
        }
    }

    @Test func `an account that has proven the same address is entered, unless its owner has unlinked Google`()
        async throws
    {
        try await Self.use { world, google in
            try await world.database.execute(
                "UPDATE accounts SET verified_email = 'grace@example.org' WHERE id = \(world.account)")
            let arrival = try await signIn(becoming: .freelancer, in: world, google)
            #expect(try await owner(of: arrival, in: world).id == world.account)
            await #expect(throws: GoogleError.taken) {
                try await signIn(GoogleClaims(sub: "1002"), in: world, google)
            }
            try await world.sessions.unlink(.google, of: world.account)
            await #expect(throws: SignInError.keptOut(.google)) { try await signIn(in: world, google) }
        }
    }

    @Test func `a token for another way, for others, or of an address that is not verified makes no session`()
        async throws
    {
        try await Self.use { world, google in
            let before = try await world.count("accounts")
            await #expect(throws: GoogleError.tokenRefused) {
                try await signIn(nonce: "of another sign-in", in: world, google)
            }
            for claims in [
                GoogleClaims(aud: "somebody-else"), GoogleClaims(iss: "https://accounts.example.com"),
                GoogleClaims(exp: Timestamp.start.seconds),
            ] {
                await #expect(throws: GoogleError.tokenRefused) { try await signIn(claims, in: world, google) }
            }
            await #expect(throws: GoogleError.addressUnverified) {
                try await signIn(GoogleClaims(isEmailVerified: false), in: world, google)
            }
            #expect(try await world.count("accounts") == before)
            #expect(try await world.count("sessions") == 0)
            #expect(try await world.count("sign_ins") == 0)
        }
    }

    @Test func `a token without a nonce is for web clients alone`() async throws {
        try await Self.use { world, google in
            let departure = try await world.sessions.begin(at: .google, returnTo: "/")
            google.grants.change { $0["c"] = GoogleClaims() }
            await #expect(throws: GoogleError.tokenRefused) {
                try await world.sessions.finish(
                    from: .google, code: "c", state: departure.state, browserSecret: departure.browserSecret)
            }
        }
    }

    @Test func `consent that is not given, a code that is not Google's, and Google's absence are told apart`()
        async throws
    {
        try await Self.use { world, _ in
            for (code, refusal) in [(nil, SignInError.declined(.google)), ("x", .codeRefused(.google))]
                as [(String?, SignInError)]
            {
                let departure = try await world.sessions.begin(at: .google, returnTo: "/")
                await #expect(throws: refusal) {
                    try await world.sessions.finish(
                        from: .google, code: code, state: departure.state, browserSecret: departure.browserSecret)
                }
            }
        }
        let nobody = [
            "GOOGLE_BASE_URL": "http://127.0.0.1:9", "GOOGLE_TOKEN_BASE": "http://127.0.0.1:9",
            "GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret",
        ]
        try await AuthWorld.use(settings: nobody) { world in
            let departure = try await world.sessions.begin(at: .google, returnTo: "/")
            let refusal = await #expect(throws: SignInError.self) {
                try await world.sessions.finish(
                    from: .google, code: "c", state: departure.state, browserSecret: departure.browserSecret)
            }
            #expect(refusal?.code == .serviceUnavailable && refusal?.retryAfter != nil)
        }
    }

    @Test func `a way to one provider does not end at another's`() async throws {
        try await Self.use { world, google in
            google.grants.change { $0["c"] = GoogleClaims() }
            for (there, back) in [(Provider.gitHub, Provider.google), (.google, .gitHub)] {
                let departure = try await world.sessions.begin(at: there, returnTo: "/")
                await #expect(throws: SignInError.notBegunHere) {
                    try await world.sessions.finish(
                        from: back, code: "c", state: departure.state, browserSecret: departure.browserSecret)
                }
            }
            #expect(google.exchanges.value.isEmpty)
        }
    }

    @Test func `Google is linked to who is signed in, once here and once there`() async throws {
        try await Self.use { world, google in
            let session = Session.make(for: world.account, at: world.clock.now).session
            try await world.database.transaction { try await SessionStore().insert(session, in: $0) }
            let live = LiveSession(id: session.id, accountID: world.account)
            // Another address than the account's, and no other account.
            for _ in 0..<2 {
                let arrival = try await signIn(linking: live, in: world, google)
                #expect(arrival.sessionText == nil && arrival.returnTo == "/gigs")
            }
            let account = try await world.accounts.account(world.account)
            #expect(account.googleSubject == "1001")
            #expect(try await world.sessions.signInMethods(of: account) == [.password, .github, .google])
            #expect(try await owner(of: try await signIn(in: world, google), in: world).id == world.account)
            await #expect(throws: SignInError.alreadyLinked(.google, username: nil)) {
                try await signIn(GoogleClaims(sub: "1002"), linking: live, in: world, google)
            }
            let other = try await owner(
                of: try await signIn(
                    GoogleClaims(sub: "1003", email: "other@example.org"), in: world, google), in: world)
            try await world.sessions.unlink(.google, of: world.account)
            await #expect(throws: SignInError.linkedElsewhere(.google)) {
                try await signIn(GoogleClaims(sub: "1003"), linking: live, in: world, google)
            }
            #expect(other.id != world.account)
            _ = try await signIn(linking: live, in: world, google)
            #expect(try await world.accounts.account(world.account).googleSubject == "1001")
        }
    }

    @Test func `a blocked account is not entered through Google`() async throws {
        try await Self.use { world, google in
            let account = try await owner(of: try await signIn(in: world, google), in: world)
            _ = try await world.adminUsers.block(account.id, .client)
            await #expect(throws: AccountError.blocked) { try await signIn(in: world, google) }
        }
    }

    @Test func `without the secret nobody is sent to Google, and nobody is told of it`() async throws {
        try await AuthWorld.use { world in
            #expect(world.sessions.methods == [.password, .github])
            await #expect(throws: SignInError.notOffered(.google)) {
                try await world.sessions.begin(at: .google, returnTo: "/")
            }
            #expect(SignInError.notOffered(.google).code.status == 404)
        }
        try await Self.use { world, _ in #expect(world.sessions.methods == SignInMethod.allCases) }
    }
}

/// The pairs of a form or a query.
private func fields(_ text: String) -> [String: String] {
    let pairs = FormEncoding.pairs(text.utf8).map { name, value in
        (FormEncoding.text(decoding: name) ?? "", FormEncoding.text(decoding: value) ?? "")
    }
    return Dictionary(pairs) { first, _ in first }
}
