import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import AuthService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        #expect(SendMail.kind == "auth.mail")
        #expect(RenewCode.kind == "auth.registration.renew")
        #expect(MailPasswordLink.kind == "auth.password.link")
        let address: JSONValue = ["email": "ada@example.org"]
        #expect(try RenewCode(key: id, payload: address).email == "ada@example.org")
        #expect(try MailPasswordLink(key: id, payload: address).email == "ada@example.org")
        let inGerman: JSONValue = ["email": "ada@example.org", "language": "de"]
        #expect(try RenewCode(key: id, payload: inGerman).language == .german)
        #expect(try MailPasswordLink(key: id, payload: inGerman).language == .german)
        #expect(try RenewCode(key: id, payload: address).language == nil)
        let mail = try SendMail(key: id, payload: ["sealed": "AAEC", "useful_until": "2026-03-01T09:00:00Z"])
        #expect(mail.sealed == [0, 1, 2] && "\(mail.usefulUntil)" == "2026-03-01T09:00:00Z" && mail.key == id)
        #expect(throws: UnreadableWork.self) { try RenewCode(key: id, payload: .null) }
        #expect(throws: UnreadableWork.self) { try MailPasswordLink(key: "x", payload: address) }
        #expect(throws: UnreadableWork.self) { try SendMail(key: id, payload: ["sealed": "AAEC"]) }
    }
}
