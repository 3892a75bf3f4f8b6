import Postgres
import ServiceKit
import SharedModels

/// Brings in the conversations of another Skillhouse. Nobody hears of it, and no time of an answer counts.
struct ChatImportWorkflow: Sendable {
    let database: Database
    let conversations = ConversationStore()
    let messages = MessageStore()
    let chat = ChatStore()
    let store = ChatImportStore()

    /// Two people have one conversation: another one of theirs is merged into it.
    func bring(_ imported: [ImportedConversation], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(imported, isRehearsal: isRehearsal) { try await bring($0, in: $1) }
    }

    private func bring(_ imported: ImportedConversation, in tx: Transaction) async throws -> ImportOutcome {
        guard let pair = Pair(imported.clientID, imported.freelancerID) else {
            return .refused("freelancerId", "is the client, too")
        }
        if let present = try await conversations.find(pair, in: tx) {
            return present.id == imported.id ? .present : .merged(into: present.id.objectID)
        }
        let new = Conversation(
            imported.id, of: pair, startedBy: imported.clientID, matchID: nil, at: imported.createdAt)
        guard try await conversations.insertIfAbsent(new, in: tx) else {
            return .refused("_id", "belongs to a conversation that was begun just now; run the import again")
        }
        try await chat.name(imported.clientID, in: imported.id, in: tx)
        return .imported
    }

    /// Adds messages at the end of their conversations. Those that are there are left out.
    func bring(_ imported: [ImportedMessage]) async throws -> [ImportOutcome] {
        let places = Dictionary(grouping: imported.indices, by: { imported[$0].conversationID })
        return try await database.transaction { tx in
            let present = try await store.present(imported.map(\.id), in: tx)
            var outcomes = imported.map { _ in ImportOutcome.present }
            // In one order, so that two imports never wait for each other.
            for (id, indices) in places.sorted(by: { $0.key < $1.key }) {
                guard var conversation = try await store.lock(id, in: tx) else {
                    for index in indices { outcomes[index] = .refused("conversationId", "is no conversation here") }
                    continue
                }
                for index in indices where !present.contains(imported[index].id) {
                    outcomes[index] = try await add(imported[index], to: &conversation, in: tx)
                }
            }
            return outcomes
        }
    }

    /// What would become of messages whose conversations come with them. Nothing stays of it.
    func rehearse(_ imported: [ImportedMessage]) async throws -> [ImportOutcome] {
        let present = try await database.transaction { tx in try await store.present(imported.map(\.id), in: tx) }
        return imported.map { present.contains($0.id) ? .present : .imported }
    }

    private func add(
        _ imported: ImportedMessage, to conversation: inout Conversation, in tx: Transaction
    ) async throws -> ImportOutcome {
        let sender = imported.senderID
        guard conversation.pair.both.contains(sender) else {
            return .refused("senderId", "takes no part in the conversation")
        }
        let (message, _) = conversation.append(
            MessageDraft(body: imported.text), as: imported.id, by: sender, at: imported.sentAt)
        try await messages.insert(message, in: tx)
        try await conversations.save(conversation, adding: message, in: tx)
        if let readAt = imported.readAt {
            try await store.noteRead(
                message, by: conversation.pair.other(than: sender), at: max(readAt, message.sentAt), in: tx)
        }
        return .imported
    }
}
