import ServiceKit
import SharedModels
import Synchronization

/// The sockets of this process, by account.
final class ChatRoom: Sendable {
    private let sockets = Mutex<[AccountID: [String: SocketClient]]>([:])

    func enter(_ socket: SocketClient) { sockets.withLock { $0[socket.accountID, default: [:]][socket.id] = socket } }

    func leave(_ socket: SocketClient) {
        sockets.withLock { sockets in
            sockets[socket.accountID]?[socket.id] = nil
            if sockets[socket.accountID]?.isEmpty == true { sockets[socket.accountID] = nil }
        }
    }

    func isHere(_ account: AccountID) -> Bool { sockets.withLock { $0[account] != nil } }

    func emit(_ event: ChatEvent, json: [UInt8], to account: AccountID) {
        let those = sockets.withLock { $0[account].map { Array($0.values) } ?? [] }
        for socket in those { socket.emit(event.rawValue, json: json) }
    }

    /// Ends the sockets of these accounts; of all when `nil`. Their clients come again, and read what they missed.
    func end(_ accounts: [AccountID]? = nil) {
        let those = sockets.withLock { sockets in
            accounts.map { $0.compactMap { sockets[$0] } } ?? Array(sockets.values)
        }
        for socket in those.flatMap(\.values) { socket.end() }
    }
}

/// What the server tells clients, by name.
enum ChatEvent: String, Sendable {
    case userStatus, chatError, chatInitialized, messageError, messageSent, newMessage, messageRead, conversations
    case conversationError, unreadCounts, unreadCountError, messageDeleted, notifications, newNotification
    case notificationError, notificationRead
}
