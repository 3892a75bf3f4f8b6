import Postgres
import SharedModels

/// What sockets are told of, as PostgreSQL passes it to every replica when the change commits. It names the rows; who
/// has sockets of those concerned reads them.
enum ChatSignal: Equatable, Sendable {
    case sent(ConversationID, position: Int64, by: AccountID, to: AccountID)
    case deleted(ConversationID, position: Int64, by: AccountID, to: AccountID)
    /// `reader` has read what `writer` wrote after one position and up to another.
    case read(ConversationID, after: Int64, upTo: Int64, by: AccountID, of: AccountID)
    /// Somebody came or left, which concerns these.
    case presence(AccountID, isOnline: Bool, for: [AccountID])
    /// A notice, as its owner is shown it.
    case notice(AccountID, json: String)

    static let channel = "guildhall_chat"
    /// So many accounts fit into one message of PostgreSQL (8,000 bytes).
    static let mostAccounts = 200

    var text: String {
        switch self {
        case .sent(let id, let position, let sender, let receiver): "m \(id) \(position) \(sender) \(receiver)"
        case .deleted(let id, let position, let sender, let receiver): "d \(id) \(position) \(sender) \(receiver)"
        case .read(let id, let after, let upTo, let reader, let writer): "r \(id) \(after) \(upTo) \(reader) \(writer)"
        case .presence(let account, let isOnline, let others):
            "p \(account) \(isOnline ? 1 : 0) \(others.map { "\($0)" }.joined(separator: ","))"
        case .notice(let account, let json): "n \(account) \(json)"
        }
    }

    /// - Returns: `nil` for what a newer version tells of.
    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: text.utf8.first == UInt8(ascii: "n") ? 2 : 5)
        switch (parts.first, parts.count) {
        case ("m", 5), ("d", 5):
            guard let id = ConversationID(parts[1]), let position = Int64(parts[2]), let sender = AccountID(parts[3]),
                let receiver = AccountID(parts[4])
            else { return nil }
            self =
                parts[0] == "m"
                ? .sent(id, position: position, by: sender, to: receiver)
                : .deleted(id, position: position, by: sender, to: receiver)
        case ("r", 6):
            guard let id = ConversationID(parts[1]), let after = Int64(parts[2]), let upTo = Int64(parts[3]),
                let reader = AccountID(parts[4]), let writer = AccountID(parts[5])
            else { return nil }
            self = .read(id, after: after, upTo: upTo, by: reader, of: writer)
        case ("p", 4):
            guard let account = AccountID(parts[1]) else { return nil }
            self = .presence(
                account, isOnline: parts[2] == "1", for: parts[3].split(separator: ",").compactMap { AccountID($0) })
        case ("n", 3):
            guard let account = AccountID(parts[1]) else { return nil }
            self = .notice(account, json: String(parts[2]))
        default: return nil
        }
    }

    /// Tells every replica when `tx` commits.
    func tell(in tx: Transaction) async throws {
        _ = try await tx.rows("SELECT pg_notify(\(Self.channel), \(text))")
    }
}
