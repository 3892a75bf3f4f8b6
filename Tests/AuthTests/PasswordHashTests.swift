import Testing

@testable import AuthService

/// The promise under test: a stored password can be recognised, and nothing else can be done with it.
@Suite struct PasswordHashTests {
    private let cost = AuthWorld.cost

    /// RFC 7914, section 12: the first half of the second vector's key.
    @Test func `the function is the standard's`() throws {
        let text = "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI"
        let hash = try #require(PasswordHash(text))
        #expect(try hash.matches("password"))
        #expect(try !hash.matches("Password"))
        #expect(hash.text == text)
    }

    @Test func `a password is recognised, with the parameters it was stored with`() throws {
        let stored = try #require(PasswordHash(try PasswordHash(of: "correct horse", cost: cost).text))
        #expect(stored.cost == cost && stored.cost != .standard)
        #expect(try stored.matches("correct horse"))
        #expect(try !stored.matches("correct horse "))
        #expect(try !stored.matches(""))
    }

    @Test func `what looks alike is one password, however it was typed`() throws {
        let composed = try PasswordHash(of: "caf\u{E9}", cost: cost)
        #expect(try composed.matches("cafe\u{301}"))
        #expect(try !composed.matches("cafe"))
    }

    @Test func `the same password is stored differently each time`() throws {
        let one = try PasswordHash(of: "same", cost: cost)
        #expect(try PasswordHash(of: "same", cost: cost) != one)
        #expect(!one.text.contains("same"))
    }

    @Test func `nothing matches the decoy, which is as much work as the real ones`() async throws {
        #expect(PasswordHash(decoy: .standard).cost == .standard)
        #expect(try !PasswordHash(decoy: cost).matches(""))
        #expect(try await !PasswordHasher(cost: cost).matches("anything", nil))
    }

    @Test(arguments: [
        "", "password", "$scrypt$ln=10,r=8,p=1$TmFDbA$", "$scrypt$ln=10,r=8$TmFDbA$AAAA",
        "$bcrypt$ln=10,r=8,p=1$TmFDbA$AAAA",
        "$scrypt$ln=60,r=8,p=1$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI",
        "$scrypt$r=8,ln=10,p=1$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI",
        "$scrypt$ln=10,r=8,p=1$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWI$",
    ])
    func `another form is no hash`(text: String) {
        #expect(PasswordHash(text) == nil)
    }
}
