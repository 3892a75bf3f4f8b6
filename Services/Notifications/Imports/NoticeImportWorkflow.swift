import Postgres
import ServiceKit
import SharedModels

/// Brings what stood in the inboxes of another Skillhouse into those of the same people here, read or unread as it was.
/// No webhook, channel, stream or chat tells of it.
struct NoticeImportWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let feed = FeedStore()
    let store = NoticeImportStore()

    func bring(_ notices: [ImportedNotice], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        let now = clock.now
        return try await database.bring(notices, isRehearsal: isRehearsal) { notice, tx in
            try await feed.lock(in: tx)
            let event = ReceivedEvent(EventEnvelope(notice))
            return try await store.insertIfAbsent(event, of: notice, at: now, in: tx) ? .imported : .present
        }
    }
}

extension EventEnvelope {
    fileprivate init(_ notice: ImportedNotice) {
        self.init(
            id: notice.id, name: OwnEvent.noticeAdded.rawValue, aggregate: EventAggregate(notice.id.uuid), sequence: 1,
            recipients: [notice.userID],
            data: [
                "message": .string(notice.message), "role": .string(notice.role.rawValue),
                "type": .string(notice.type.rawValue),
            ], at: notice.createdAt, requestID: nil)
    }
}
