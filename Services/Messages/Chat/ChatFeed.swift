import Logging
import Postgres
import ServiceKit
import ServiceLifecycle
import SharedModels

/// Passes what happened on any replica, and on either surface, to the sockets of this process, in order.
///
/// PostgreSQL tells of a change when it commits. What it tells while the connection is away is lost, so the sockets end
/// then: their clients come again and read what there is.
struct ChatFeed: Service {
    private static let pauseAfterFailure = Duration.milliseconds(500)
    /// A writer hears of so many of its messages that were read at once, the newest ones.
    private static let mostRead = 100

    let database: Database
    let room: ChatRoom
    let links: PictureLinks
    let clock: any DomainClock
    let logger: Logger
    private let chat = ChatStore()

    init(database: Database, room: ChatRoom, links: PictureLinks, clock: any DomainClock, logger: Logger) {
        (self.database, self.room, self.links, self.clock, self.logger) = (database, room, links, clock, logger)
    }

    /// Listens until the process shuts down.
    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let news = database.listen(ChatSignal.channel, noticingLossWithin: .seconds(2))
                    for try await notification in news { await pass(notification) }
                } catch {
                    logger.warning("news for sockets cannot be received", metadata: ["error": "\(error)"])
                }
                // A cancelled wait needs no handling: the loop's condition ends it.
                try? await Task.sleep(for: Self.pauseAfterFailure)
            }
        }
    }

    private func pass(_ notification: Notification) async {
        switch notification {
        // Something may have been missed.
        case .listening: room.end()
        case .message(let text):
            guard let signal = ChatSignal(text) else { return }
            let concerned = signal.concerned.filter { room.isHere($0) }
            guard !concerned.isEmpty else { return }
            do {
                try await tell(signal, to: concerned)
            } catch {
                logger.warning("news for sockets cannot be read", metadata: ["error": "\(error)"])
                room.end(concerned)
            }
        }
    }

    private func tell(_ signal: ChatSignal, to concerned: [AccountID]) async throws {
        switch signal {
        case .sent(let id, let position, let sender, let receiver):
            guard let told = try await chat.find(position, in: id, in: database) else { return }
            let json = try JSONValue.encode(
                told.message.chatView(to: receiver, links, at: clock.now), in: .camelCase)
            room.emit(.messageSent, json: json, to: sender)
            room.emit(.newMessage, json: json, to: receiver)
        case .deleted(let id, let position, _, _):
            guard let told = try await chat.find(position, in: id, in: database) else { return }
            let view = MessageWasDeleted(messageID: ObjectID(told.message.id), message: told.message.text)
            let json = try JSONValue.encode(view, in: .camelCase)
            for account in concerned { room.emit(.messageDeleted, json: json, to: account) }
        case .read(let id, let after, let upTo, let reader, let writer):
            let readAt = try await chat.readAt(upTo, of: id, by: reader, in: database)
            let messages = try await chat.messages(
                of: writer, in: id, after: after, upTo: upTo, limit: Self.mostRead, in: database)
            for message in messages {
                let view = MessageWasRead(messageID: ObjectID(message), readAt: readAt ?? clock.now)
                room.emit(.messageRead, json: try JSONValue.encode(view, in: .camelCase), to: writer)
            }
        case .presence(let account, let isOnline, _):
            let json = try JSONValue.encode(UserStatus(account, isOnline: isOnline), in: .camelCase)
            for other in concerned { room.emit(.userStatus, json: json, to: other) }
        case .notice(let account, let json): room.emit(.newNotification, json: Array(json.utf8), to: account)
        }
    }
}

extension ChatSignal {
    /// Whose sockets it is for.
    fileprivate var concerned: [AccountID] {
        switch self {
        case .sent(_, _, let sender, let receiver), .deleted(_, _, let sender, let receiver): [sender, receiver]
        case .read(_, _, _, _, let writer): [writer]
        case .presence(_, _, let others): others
        case .notice(let account, _): [account]
        }
    }
}
