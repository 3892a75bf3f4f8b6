import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `feed` for notices of Skillhouse.
struct NoticeStore: Sendable {
    private let settings = ReadingStore()

    /// The events of an account that can be notices, the newest first.
    func latest(of account: AccountID, limit: Int, in executor: some SQLExecutor) async throws -> [NoticeItem] {
        let reader = try await reader(account, in: executor)
        return try await executor.all(
            """
            SELECT events.id, name, body, feed.at, read_at FROM feed JOIN events ON events.id = event_id
             WHERE account_id = \(account) AND is_notice AND name = ANY(\(MarketNotice.names))
             ORDER BY feed.at DESC, event_id DESC LIMIT \(limit)
            """
        ) { row in
            let body = Array(try row.decode("body", as: String.self).utf8)
            guard let notice = MarketNotice(try row.decode("name"), body: body, for: reader) else { return nil }
            return NoticeItem(
                notice, try row.decode("id"), of: account, at: try row.decode("at"),
                readAt: try row.decodeIfPresent("read_at"))
        }.compactMap(\.self)
    }

    func find(_ id: EventID, of account: AccountID, in executor: some SQLExecutor) async throws -> NoticeItem? {
        let reader = try await reader(account, in: executor)
        let found: NoticeItem?? = try await executor.first(
            """
            SELECT name, body, feed.at, read_at FROM feed JOIN events ON events.id = event_id
             WHERE event_id = \(id) AND account_id = \(account)
            """
        ) { row in
            let body = Array(try row.decode("body", as: String.self).utf8)
            guard let notice = MarketNotice(try row.decode("name"), body: body, for: reader) else { return nil }
            return NoticeItem(
                notice, id, of: account, at: try row.decode("at"), readAt: try row.decodeIfPresent("read_at"))
        }
        return found ?? nil
    }

    func reader(_ account: AccountID, in executor: some SQLExecutor) async throws -> Reader {
        Reader(account: account, language: try await settings.language(of: account, in: executor))
    }
}

extension NoticeItem {
    init(_ notice: MarketNotice, _ id: EventID, of account: AccountID, at: Timestamp, readAt: Timestamp? = nil) {
        self.init(
            id: id, userID: account, message: notice.message, role: notice.role, type: notice.type, createdAt: at,
            readAt: readAt)
    }
}
