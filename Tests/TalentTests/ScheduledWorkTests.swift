import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import TalentService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"

    @Test func `rows keep their kinds, keys and payloads`() throws {
        #expect(RemoveFile.kind == "talent.file.remove")
        #expect(try RemoveFile(key: id, payload: .null).subject == FileID(id))
        #expect(Rematch.kind == "talent.match")
        #expect(try Rematch(key: id, payload: .null).subject == AccountID(id))
        #expect(throws: UnreadableWork.self) { try RemoveFile(key: "file", payload: .null) }
    }
}
