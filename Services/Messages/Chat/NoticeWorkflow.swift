import Postgres
import ServiceKit
import SharedModels

/// Notices as the chat's clients see them. Notifications owns them.
struct NoticeWorkflow: Sendable {
    let peers: any MessagesPeers

    func latest(of caller: AccountID) async throws -> [NoticeView] {
        try await peers.notices(of: caller).map(NoticeView.init)
    }

    /// Adds a notice for the caller itself. Everybody else is told of what happens by the marketplace alone.
    func add(_ notice: ChatNotice, by caller: AccountID, at now: Timestamp) async throws -> NoticeView {
        guard notice.userID.id == caller else { throw ChatError.foreignNotice }
        let draft = NoticeDraft(message: notice.message, role: notice.role, type: notice.type)
        return NoticeView(try await peers.addNotice(.make(at: now), draft, to: caller))
    }

    func markRead(_ id: EventID, of caller: AccountID) async throws -> NoticeWasRead {
        do {
            try await peers.readNotice(id, of: caller)
        } catch let refusal as PeerRefusal where refusal.status == 404 {
            throw ChatError.unknownNotice
        }
        return NoticeWasRead(notificationID: ObjectID(id))
    }

    /// Shows a new notice to its owner's sockets, on every replica.
    func tell(_ notice: NoticeItem, in tx: Transaction) async throws {
        let json = String(decoding: try JSONValue.encode(NoticeView(notice), in: .camelCase), as: UTF8.self)
        try await ChatSignal.notice(notice.userID, json: json).tell(in: tx)
    }
}

struct NoticeView: Model {
    let _id: ObjectID<EventKind>
    let userID: ObjectID<AccountKind>
    let message: String
    let role: UserType
    let type: NoticeType
    let read: Bool
    let createdAt: Timestamp
    let updatedAt: Timestamp

    init(_ notice: NoticeItem) {
        _id = ObjectID(notice.id)
        userID = ObjectID(notice.userID)
        message = notice.message
        role = notice.role
        type = notice.type
        read = notice.isRead
        createdAt = notice.createdAt
        updatedAt = notice.updatedAt
    }
}

struct NoticeWasRead: Model {
    let notificationID: ObjectID<EventKind>
}
