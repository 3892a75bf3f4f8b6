import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import NotificationsService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        #expect(SecondLook.kind == "account.left")
        #expect(SecondBlocking.kind == "account.blocked")
        #expect(ClearLine.kind == "line.clear")
        #expect(try ClearLine(key: id, payload: .null).subject == LineID(id))
        #expect(try SecondLook(key: id, payload: .null).subject == AccountID(id))
        #expect(throws: UnreadableWork.self) { try SecondLook(key: "nobody", payload: .null) }
    }
}
