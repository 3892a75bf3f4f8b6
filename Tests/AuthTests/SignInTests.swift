import ServiceKit
import SharedModels
import Testing

@testable import AuthService

/// The promise under test: only the browser that began a sign-in can finish it, and only once.
@Suite struct SignInTests {
    private let now = Timestamp(seconds: 1_767_225_600)

    private var signIn: SignIn {
        SignIn(
            stateDigest: APIKeyFormat.sha256("state"), browserDigest: APIKeyFormat.sha256("browser"),
            provider: .gitHub, proofKey: ProofKey(verifier: "v"), returnTo: "/", expiresAt: now + SignIn.lifetime)
    }

    /// RFC 7636, appendix B.
    @Test func `the challenge is the standard's`() {
        let proofKey = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(proofKey.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func `the nonce tells neither the verifier nor the challenge`() {
        let proofKey = ProofKey(verifier: "v")
        #expect(proofKey.nonce.utf8.count == 43 && proofKey.nonce != proofKey.challenge)
        #expect(proofKey.nonce == ProofKey(verifier: "v").nonce && proofKey.nonce != ProofKey.make().nonce)
    }

    @Test func `verifiers have 43 characters and differ`() {
        #expect(ProofKey.make().verifier.utf8.count == 43)
        #expect(ProofKey.make() != ProofKey.make())
    }

    @Test func `the browser that began may finish`() throws {
        try signIn.check(browserSecret: "browser", from: .gitHub, at: now + .seconds(599))
    }

    @Test func `another browser, a late one, or one that comes from elsewhere may not`() {
        #expect(throws: SignInError.notBegunHere) {
            try signIn.check(browserSecret: "browser", from: .google, at: now)
        }
        #expect(throws: SignInError.notBegunHere) { try signIn.check(browserSecret: "other", from: .gitHub, at: now) }
        #expect(throws: SignInError.notBegunHere) { try signIn.check(browserSecret: nil, from: .gitHub, at: now) }
        #expect(throws: SignInError.notBegunHere) {
            try signIn.check(browserSecret: "browser", from: .gitHub, at: now + .minutes(10))
        }
    }

    @Test func `cookies are for the server alone, and secure over https`() {
        let plain = SessionCookies(publicURL: "http://localhost:8080").session("s")
        #expect(plain == "guildhall_session=s; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax")
        let secure = SessionCookies(publicURL: "https://example.org")
        #expect(
            secure.session("s")
                == "__Host-guildhall_session=s; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure")
        #expect(
            secure.endOfSession == "__Host-guildhall_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
        let name = secure.signInName(of: "state")
        #expect(name.hasPrefix("__Host-guildhall_sign_in_") && name.utf8.count == 41)
        #expect(
            secure.signIn("b", state: "state") == "\(name)=b; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure")
    }

    @Test(arguments: ["http://localhost:8080", "https://example.org"])
    func `each sign-in has its own cookie, and the oldest give way`(publicURL: String) {
        let cookies = SessionCookies(publicURL: publicURL)
        let names = (0..<8).map { cookies.signInName(of: "state \($0)") }
        #expect(Set(names).count == 8 && names.allSatisfy { $0.hasPrefix(cookies.signInPrefix) })
        #expect(cookies.endsOfOldSignIns(Array(names.prefix(4))).isEmpty)
        let ended = cookies.endsOfOldSignIns(names)
        #expect(ended.count == 4)
        for (name, end) in zip(names, ended) { #expect(end.hasPrefix("\(name)=; Path=/; Max-Age=0; ")) }
        let strange = ["", "x", "0123456789abcdeg", "0123456789abcdef0"].map { cookies.signInPrefix + $0 }
        #expect(cookies.endsOfOldSignIns(strange + names.prefix(4)).isEmpty)
    }

    @Test func `the refresh token goes to the endpoints that take it, from another site over https alone`() {
        let plain = SessionCookies(publicURL: "http://localhost:8080")
        #expect(plain.refresh("r") == "refreshToken=r; Path=/api/auth; Max-Age=604800; HttpOnly; SameSite=Lax")
        #expect(plain.endOfRefresh == "refreshToken=; Path=/api/auth; Max-Age=0; HttpOnly; SameSite=Lax")
        let secure = SessionCookies(publicURL: "https://example.org").refresh("r")
        #expect(secure == "refreshToken=r; Path=/api/auth; Max-Age=604800; HttpOnly; SameSite=None; Secure")
    }

    @Test(
        arguments: [
            (184, true, nil), (183, true, nil), (182, true, "older"), (1000, false, "public"),
        ] as [(Int, Bool, String?)])
    func `freelancers need age and public work`(days: Int, hasPublicWork: Bool, reason: String?) {
        let standing = GitHubStanding(createdAt: now - .days(days), hasPublicWork: hasPublicWork)
        let refusal = standing.whyNotFreelancer(at: now)
        #expect((refusal == nil) == (reason == nil))
        if let reason { #expect(refusal?.contains(reason) == true) }
    }

    @Test func `a GitHub user is read`() throws {
        let json: JSONValue = [
            "id": 7, "login": "ada", "name": "Ada\u{7} L", "email": nil, "created_at": "2011-01-25T18:44:36Z",
            "public_repos": 0, "public_gists": 3,
        ]
        let user = try #require(GitHubUser(json: json))
        #expect(user.displayName == "Ada L")
        #expect(user.identity.standing.hasPublicWork)
        #expect(GitHubUser(json: ["message": "Bad credentials"]) == nil)
    }

    @Test(arguments: [
        (#""Ada\u0000 L""#, "Ada L"), (#""\u0000""#, "ada"), (#""\u200b""#, "ada"), (#""\ud800Ada""#, "\u{FFFD}Ada"),
        (#""\u202eada""#, "ada"), (#""Ada\nL""#, "Ada L"), (#""  Ada ""#, "Ada"), (#""Zoe\u0308""#, "Zo\u{EB}"),
        ("null", "ada"),
        ("7", "ada"), ("{}", "ada"),
    ])
    func `a name that GitHub has and we do not take is cleaned, and nobody is kept out by it`(
        name: String, shown: String
    ) throws {
        let text = #"{"id":7,"login":"ada","created_at":"2011-01-25T18:44:36Z","bio":"\u0000","name":"# + name + "}"
        let user = try #require(GitHubUser(json: try JSONValue.parse(text.utf8, leniently: true)))
        #expect(Array(user.displayName.utf8) == Array(shown.utf8))
        #expect(user.identity.username == "ada")
    }

    @Test(
        arguments: [(#""ada@x.org""#, "ada@x.org"), (#""a\nb@x.org""#, nil), (#""ada""#, nil), ("null", nil)]
            as [(String, String?)])
    func `an invalid mail address is left out`(email: String, read: String?) throws {
        let text = #"{"id":7,"login":"ada","created_at":"2011-01-25T18:44:36Z","email":"# + email + "}"
        #expect(GitHubUser(json: try JSONValue.parse(text.utf8, leniently: true))?.email == read)
    }
}
