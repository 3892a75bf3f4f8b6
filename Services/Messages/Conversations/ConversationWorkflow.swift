import Logging
import Postgres
import ServiceKit
import SharedModels

/// Shows an account its conversations.
struct ConversationWorkflow: Sendable {
    /// A search looks at as many conversations, the latest ones.
    static let searched = 2000
    /// How many people talent is asked for at once.
    private static let batch = 100

    let database: Database
    let peers: any MessagesPeers
    let logger: Logger
    let conversations = ConversationStore()
    let messages = MessageStore()

    /// One page of an account's conversations, the latest message first.
    ///
    /// - Parameters:
    ///   - search: A part of the other's name or company.
    ///   - number: From 1.
    func list(
        of caller: AccountID, unreadOnly: Bool, search: String?, number: Int, limit: Int
    ) async throws -> (items: [ConversationItem], total: Int) {
        var filter = ConversationStore.Filter(unreadOnly: unreadOnly)
        if let search, !search.isEmpty { filter.others = try await others(of: caller, called: search) }
        let total = try await conversations.count(of: caller, filter, in: database)
        let listed = try await conversations.page(of: caller, filter, number: number, limit: limit, in: database)
        let people = await names(of: Set(listed.flatMap(\.conversation.pair.both)))
        return (listed.map { $0.view(people) }, total)
    }

    /// A part of a conversation, newest first. What it shows, and everything before, is marked as read.
    ///
    /// - Parameter message: Older ones than this are shown; the newest when `nil`.
    func page(
        of id: ConversationID, before message: MessageID?, limit: Int, by caller: AccountID, at now: Timestamp
    ) async throws -> (page: Page<Message>, total: Int) {
        guard let standing = try await conversations.standing(of: caller, in: id, in: database) else {
            throw ConversationError.notFound
        }
        var end = standing.conversation.lastPosition + 1
        if let message {
            guard let position = try await messages.position(of: message, in: id, in: database) else {
                throw ConversationError.unknownMessage
            }
            end = position
        }
        if standing.unread > 0, end > 1 {
            try await messages.markRead(upTo: end - 1, of: id, by: caller, at: now, in: database)
        }
        let page = try await messages.page(of: standing.conversation, before: end, limit: limit, in: database)
        return (page, Int(standing.conversation.lastPosition))
    }

    /// The people whom an account has written with, as far as their name or company has `text` in it.
    private func others(of account: AccountID, called text: String) async throws -> [AccountID] {
        let others = try await conversations.others(of: account, limit: Self.searched, in: database)
        var found: [AccountID] = []
        for start in stride(from: 0, to: others.count, by: Self.batch) {
            let part = Array(others[start..<min(start + Self.batch, others.count)])
            found += try await peers.people(part).filter { $0.isCalled(text) }.map(\.userID)
        }
        return found
    }

    /// Conversations can be read without names while talent cannot be reached.
    private func names(of accounts: Set<AccountID>) async -> [AccountID: Person] {
        await Lookup(at: .talent, logger: logger).find(accounts, by: \.userID) { try await peers.people($0) }
    }
}

extension Person {
    /// Whether name or company has `text` in it, whatever its case.
    fileprivate func isCalled(_ text: String) -> Bool {
        let wanted = text.lowercased().utf8
        return [name, company].contains { $0?.lowercased().utf8.contains(wanted) == true }
    }
}
