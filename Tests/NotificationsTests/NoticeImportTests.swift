import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import NotificationsService

/// The promise under test: what stood in an inbox of another Skillhouse stands in the inbox here, read or unread as it
/// was, and nothing tells of it.
@Suite struct NoticeImportTests {
    private let owner = AccountID.make(at: .start)

    private func notice(_ message: String, day: Int, isRead: Bool = false) -> ImportedNotice {
        let at = Timestamp.start - .days(400 - day)
        return ImportedNotice(
            id: .make(at: at), userID: owner, message: message, role: .client, type: .applied, createdAt: at,
            readAt: isRead ? at + .hours(1) : nil)
    }

    @Test func `notices come once, in their order, and the read ones stay read`() async throws {
        try await World.use { world in
            let notices = [
                notice("Third", day: 3), notice("First", day: 1, isRead: true), notice("Second", day: 2),
            ]
            let imports = world.features.imports
            for (isRehearsal, outcome) in [(true, ImportOutcome.imported), (false, .imported), (false, .present)] {
                let outcomes = try await imports.bring(notices, isRehearsal: isRehearsal)
                #expect(outcomes == Array(repeating: outcome, count: 3))
            }
            #expect(try await imports.bring(notices, isRehearsal: true).allSatisfy { $0 == .present })
            let (page, texts, unread) = try await world.feed.notices(for: owner, after: nil, limit: 10)
            #expect(texts.map(\.subject) == ["Third", "Second", "First"])
            #expect(page.items.map { $0.readAt != nil } == [false, false, true])
            #expect(page.items.map(\.createdAt) == [0, 2, 1].map { notices[$0].createdAt })
            #expect(unread == 2)
            let shown = try await world.notices.latest(of: owner)
            #expect(shown.map(\.message) == ["Third", "Second", "First"])
            #expect(shown.map(\.isRead) == [false, false, true])
            let told: Int = try await world.database.one(
                """
                SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM pending_deliveries)
                     + (SELECT count(*) FROM deliveries) AS count
                """
            ) { try $0.decode("count") }
            #expect(told == 0)
        }
    }

    @Test func `they are kept as long as what came on the day of the import`() async throws {
        try await World.use { world in
            _ = try await world.features.imports.bring([notice("Old", day: 1)])
            for (days, expected) in [(29, 0), (2, 1)] {
                world.clock.advance(by: .days(days))
                let moment = world.clock.now - EventPruning.retention
                let gone = try await world.database.transaction { tx in
                    try await PlansByIndex.require(in: tx)
                    return try await EventStore().prune(before: moment, limit: 10, in: tx)
                }
                #expect(gone == expected)
            }
            #expect(try await world.feed.notices(for: owner, after: nil, limit: 10).page.items.isEmpty)
        }
    }
}
