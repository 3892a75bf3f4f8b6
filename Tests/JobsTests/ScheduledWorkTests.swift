import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import JobsService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        let account = try #require(AccountID(id))
        let payload: JSONValue = ["user_id": .string(id)]
        #expect(EndOpenWork.kind == "account.left")
        for key in [id, "\(id) again"] {
            #expect(try EndOpenWork(key: key, payload: payload).account == account)
        }
        #expect(EndOpenWork(of: account).key == id && EndOpenWork(of: account).payload == payload)
        #expect(EndOpenWork(of: account, isSecondLook: true).key == "\(id) again")
        #expect(SettleApplications.kind == "job.applications.settle")
        #expect(try SettleApplications(key: id, payload: .null).subject == GigID(id))
        #expect(throws: UnreadableWork.self) { try EndOpenWork(key: id, payload: .null) }
    }
}
