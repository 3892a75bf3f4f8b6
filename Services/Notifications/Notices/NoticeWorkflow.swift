import Postgres
import ServiceKit
import SharedModels

/// The notices that Skillhouse's chat shows. They are events of the feed, in words, for one side.
struct NoticeWorkflow: Sendable {
    /// The contract's number (section 6).
    static let shown = 5
    /// Events that are looked through for them: most concern an account on another side, or on another surface.
    private static let searched = 100

    let database: Database
    let outbox: Outbox
    let notices = NoticeStore()
    let events = EventStore()
    let feed = FeedStore()

    func latest(of account: AccountID) async throws -> [NoticeItem] {
        Array(try await notices.latest(of: account, limit: Self.searched, in: database).prefix(Self.shown))
    }

    /// Stores a notice that an account has for itself. A repeat with the same id answers the same.
    func add(_ draft: NoticeDraft, _ id: EventID, of account: AccountID, at now: Timestamp) async throws -> NoticeItem {
        let event = EventEnvelope(
            id: id, name: OwnEvent.noticeAdded.rawValue, aggregate: EventAggregate(id.uuid), sequence: 1,
            recipients: [account],
            data: [
                "message": .string(draft.message), "role": .string(draft.role.rawValue),
                "type": .string(draft.type.rawValue),
            ], at: now, requestID: RequestTrace.current?.requestID)
        return try await database.transaction { tx in
            if let known = try await notices.find(id, of: account, in: tx) { return known }
            try await events.tell([], of: ReceivedEvent(event), at: now, in: tx)
            guard let added = try await notices.find(id, of: account, in: tx) else {
                // Somebody else has an event with this id.
                throw Refusal.notFound("notice")
            }
            try await announce([added], in: tx)
            return added
        }
    }

    /// - Throws: 404 for what is not a notice of the account.
    func markRead(_ id: EventID, of account: AccountID, at now: Timestamp) async throws {
        guard try await notices.find(id, of: account, in: database) != nil else { throw Refusal.notFound("notice") }
        _ = try await feed.markRead([id], of: account, at: now, in: database)
    }

    /// Tells messages of the notices among stored events.
    func announce(_ events: [ReceivedEvent], at now: Timestamp, in tx: Transaction) async throws {
        for event in events where MarketNotice.names.contains(event.envelope.name) {
            // Most are of ClawConnected.
            guard event.envelope.data["flow"]?.string == DealFlow.escrowCheckout.rawValue else { continue }
            for account in Set(event.envelope.recipients) {
                let reader = try await notices.reader(account, in: tx)
                guard let notice = MarketNotice(event.envelope.name, body: event.body, for: reader) else { continue }
                try await announce([NoticeItem(notice, event.envelope.id, of: account, at: now)], in: tx)
            }
        }
    }

    private func announce(_ added: [NoticeItem], in tx: Transaction) async throws {
        for notice in added {
            try await outbox.append(
                Announcement(NoticeAdded.self, of: notice.id, sequence: 1, notice, at: notice.createdAt), in: tx)
        }
    }
}
