import HTTPTypes
import ServiceKit
import SharedModels
import Testing

@Suite struct PresentedCredentialTests {
    private func read(
        _ headers: [String: [String]], at publicURL: String = "http://127.0.0.1:8080"
    ) throws -> PresentedCredential? {
        var fields = HTTPFields()
        for (name, values) in headers { fields[values: try #require(HTTPField.Name(name))] = values }
        return try CredentialReaders(publicURL: publicURL).read(fields)
    }

    @Test func `a key comes in either header`() throws {
        let key = PresentedCredential(source: .token, secret: "k")
        #expect(try read(["authorization": ["Bearer k"]]) == key)
        #expect(try read(["authorization": ["bearer k"]]) == key)
        #expect(try read(["x-api-key": ["k"]]) == key)
        #expect(try read(["x-api-key": ["k"], "authorization": ["Bearer k"]]) == key)
    }

    @Test func `a token wins over the cookie`() throws {
        let found = try read(["authorization": ["Bearer k"], "cookie": ["guildhall_session=s"]])
        #expect(found == PresentedCredential(source: .token, secret: "k"))
    }

    @Test func `an invalid explicit credential is not made good by a cookie`() {
        #expect(throws: CredentialRefusal.self) {
            try read(["authorization": ["Basic dTpw"], "cookie": ["guildhall_session=s"]])
        }
        #expect(throws: CredentialRefusal.self) { try read(["x-api-key": [""], "cookie": ["guildhall_session=s"]]) }
    }

    @Test(arguments: ["http://127.0.0.1:8080", "https://api.example"])
    func `the cookie that no other host can set wins`(publicURL: String) throws {
        let both = ["cookie": ["guildhall_session=planted; __Host-guildhall_session=own"]]
        #expect(try read(both, at: publicURL)?.secret == "own")
        let one = ["cookie": ["__Host-guildhall_session=own"]]
        #expect(try read(one, at: publicURL) == PresentedCredential(source: .cookie, secret: "own"))
    }

    @Test func `over https a browser's plain cookie is not read, since another host may have set it`() throws {
        let browser = ["cookie": ["guildhall_session=planted"], "sec-fetch-site": ["same-origin"]]
        #expect(try read(browser, at: "https://api.example") == nil)
        #expect(try read(browser)?.secret == "planted")
        let program = ["cookie": ["guildhall_session=own"]]
        #expect(try read(program, at: "https://api.example")?.secret == "own")
    }

    @Test func `the cookie is named for the way we are reached`() {
        #expect(CredentialReaders(publicURL: "https://api.example").cookie.name == "__Host-guildhall_session")
        #expect(CredentialReaders(publicURL: "http://127.0.0.1:8080").cookie.name == "guildhall_session")
    }

    @Test(arguments: ["guildhall_session\u{301}=s", "a=b;\u{301}guildhall_session=s", "guildhall_session \u{301}=s"])
    func `a combining mark makes another cookie of it`(header: String) throws {
        #expect(try read(["cookie": [header]]) == nil)
    }

    @Test func `a combining mark behind a delimiter does not hide what stands before it`() throws {
        #expect(try read(["cookie": ["a=\u{301}b;guildhall_session=s"]])?.secret == "s")
        #expect(try read(["cookie": ["a=b; \u{301}x=y; guildhall_session=s"]])?.secret == "s")
    }

    @Test func `the session is found among other cookies`() throws {
        let session = PresentedCredential(source: .cookie, secret: "s=1")
        #expect(try read(["cookie": ["a=b; guildhall_session=s=1; c=d"]]) == session)
        #expect(try read(["cookie": ["a=b", "guildhall_session=s=1"]]) == session)
        #expect(try read(["cookie": ["guildhall_session_2=x; not_guildhall_session=y"]]) == nil)
        #expect(try read(["cookie": ["guildhall_session="]]) == nil)
        #expect(try read([:]) == nil)
    }

    @Test(arguments: [
        ["authorization": ["Bearer a"], "x-api-key": ["b"]], ["authorization": ["Basic dTpw"]],
        ["authorization": ["Bearer"]],
        ["authorization": ["Bearer a b"]], ["authorization": ["Bearer a", "Bearer b"]], ["x-api-key": [""]],
        ["x-api-key": ["a", "b"]], ["x-api-key": ["ключ"]], ["x-api-key": [String(repeating: "k", count: 5000)]],
    ])
    func `what contradicts itself or is no token is refused`(headers: [String: [String]]) {
        #expect(throws: CredentialRefusal.self) { try read(headers) }
    }
}
