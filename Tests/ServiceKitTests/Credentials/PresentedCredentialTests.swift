import HTTPTypes
import ServiceKit
import SharedModels
import Testing

@Suite struct PresentedCredentialTests {
    private func read(_ headers: [String: [String]]) throws -> PresentedCredential? {
        var fields = HTTPFields()
        for (name, values) in headers { fields[values: try #require(HTTPField.Name(name))] = values }
        return try PresentedCredential.read(fields)
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
