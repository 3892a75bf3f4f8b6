import ServiceKit
import SharedModels
import Testing

@testable import MessagesService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        #expect(EraseWords.kind == "account.left")
        #expect(try EraseWords(key: id, payload: .null).subject == AccountID(id))
        #expect(throws: UnreadableWork.self) { try EraseWords(key: "ada", payload: .null) }
    }
}
