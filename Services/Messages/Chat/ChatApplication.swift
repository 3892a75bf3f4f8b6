import Logging
import ServiceKit
import SharedModels

/// The events of Skillhouse's chat (contract, section 6), over Socket.IO at `/socket.io/`.
///
/// Who speaks is the account of the socket's token. A payload may name it; another name is refused.
struct ChatApplication: SocketApplication {
    let room: ChatRoom
    let presence: PresenceWorkflow
    let chat: ChatWorkflow
    let notices: NoticeWorkflow
    let clock: any DomainClock
    let logger: Logger
    private let meter = ChatMeter()
    private let openings = SocketInput(ChatOpening.self)
    private let drafts = SocketInput(ChatDraft.self)
    private let messageNames = SocketInput(ChatMessageName.self)
    private let chatNotices = SocketInput(ChatNotice.self)

    init(
        room: ChatRoom, presence: PresenceWorkflow, chat: ChatWorkflow, notices: NoticeWorkflow,
        clock: any DomainClock, logger: Logger
    ) {
        (self.room, self.presence, self.chat, self.notices) = (room, presence, chat, notices)
        (self.clock, self.logger) = (clock, logger)
    }

    func connected(_ client: SocketClient) async { room.enter(client) }

    func left(_ client: SocketClient) async {
        room.leave(client)
        await presence.leave(client.accountID, through: client.id)
    }

    func received(_ event: SocketEvent, from client: SocketClient) async -> [UInt8] {
        do {
            try await client.charge()
            return try await answer(event, client)
        } catch {
            return refuse(error, event, client)
        }
    }

    private func answer(_ event: SocketEvent, _ client: SocketClient) async throws -> [UInt8] {
        let (caller, now, value) = (client.accountID, clock.now, event.arguments.first)
        switch event.name {
        case "authenticate":
            try requireOwn(value, caller)
            let others = try await presence.come(caller, through: client.id)
            // It may have left before it came.
            if !client.isOpen { await presence.leave(caller, through: client.id) }
            for other in others {
                client.emit(ChatEvent.userStatus.rawValue, json: try json(UserStatus(other, isOnline: true)))
            }
            return try json(UserStatus(caller, isOnline: true))
        case "initializeChat":
            return try reply(
                .chatInitialized, try await chat.open(openings.read(value ?? .null), by: caller, at: now), client)
        case "sendMessage":
            let draft = try drafts.read(value ?? .null)
            try meter.count(caller, client.principal.plan)
            return try json(try await chat.send(draft, by: caller, at: now))
        case "markAsRead":
            return try json(try await chat.markRead(messageNames.read(value ?? .null), by: caller, at: now))
        case "deleteMessage":
            return try json(try await chat.delete(messageNames.read(value ?? .null), by: caller, at: now))
        case "getConversations":
            try requireOwn(value, caller)
            return try reply(.conversations, try await chat.list(of: caller, client.principal.userType), client)
        case "getUnreadCount":
            try requireOwn(value, caller)
            return try reply(.unreadCounts, try await chat.unread(of: caller), client)
        case "getNotifications":
            try requireOwn(value, caller)
            return try reply(.notifications, try await notices.latest(of: caller), client)
        case "addNotification":
            return try json(try await notices.add(chatNotices.read(value ?? .null), by: caller, at: now))
        case "markNotificationAsRead":
            let id: EventID = try self.id(value, "notificationId")
            return try reply(.notificationRead, try await notices.markRead(id, of: caller), client)
        default: throw ChatError.unknownEvent(event.name)
        }
    }

    /// Tells the client with the event that is for it, and answers the same.
    private func reply(_ event: ChatEvent, _ value: some Encodable, _ client: SocketClient) throws -> [UInt8] {
        let json = try json(value)
        client.emit(event.rawValue, json: json)
        return json
    }

    private func json(_ value: some Encodable) throws -> [UInt8] { try JSONValue.encode(value, in: .camelCase) }

    /// An id, alone or as a member.
    private func id<Kind>(_ value: JSONValue?, _ member: String) throws(ChatError) -> Identifier<Kind> {
        guard let text = value?.string ?? value?[member]?.string, let id = Identifier<Kind>(text) else {
            throw .noArgument(member)
        }
        return id
    }

    /// The client may say who it is, and must say no other.
    private func requireOwn(_ value: JSONValue?, _ caller: AccountID) throws(ChatError) {
        guard let value, !value.isNull else { return }
        let named: AccountID = try id(value, "userId")
        guard named == caller else { throw .notYourself("userId") }
    }

    private func refuse(_ error: any Error, _ event: SocketEvent, _ client: SocketClient) -> [UInt8] {
        let told = SocketRefusal(error)
        if let fault = told.fault {
            logger.error("a socket's event failed", metadata: ["event": "\(event.name)", "detail": "\(fault)"])
        }
        let problem = ChatProblem(
            message: told.message, status: told.status, code: told.code.rawValue,
            issues: told.issues.map { ChatProblem.Issue(path: $0.path, message: $0.message) })
        // Encoding texts does not fail.
        let json = (try? json(problem)) ?? Array("{}".utf8)
        client.emit(Self.errorEvent(of: event.name).rawValue, json: json)
        return Array(#"{"error":"#.utf8) + json + Array("}".utf8)
    }

    private static func errorEvent(of name: String) -> ChatEvent {
        switch name {
        case "sendMessage", "markAsRead", "deleteMessage": .messageError
        case "getConversations": .conversationError
        case "getUnreadCount": .unreadCountError
        case "getNotifications", "addNotification", "markNotificationAsRead": .notificationError
        default: .chatError
        }
    }
}
