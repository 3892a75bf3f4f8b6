import ServiceKit
import SharedModels

/// `POST /v1/messages`.
struct MessageRoutes: Sendable {
    let workflow: MessageWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.messages.send, send)
    }

    private func send(_ input: MessageInput, _ call: Call) async throws -> MessageReceipt {
        let draft = MessageDraft(
            body: input.message, type: input.type ?? .text, matchID: input.metadata?.matchID?.id,
            mediaID: input.metadata?.mediaID?.id)
        let message = try await workflow.send(
            draft, to: input.recipientID.id, thread: thread(input.metadata?.threadID), by: call.caller.accountID,
            at: call.now)
        return MessageReceipt(
            messageID: PrefixedID(message.id), conversationID: PrefixedID(message.conversationID), status: .sent,
            deliveredAt: message.sentAt, readReceiptEnabled: true)
    }

    /// A thread is a conversation, under either prefix.
    private func thread(_ text: String?) throws -> ConversationID? {
        guard let text else { return nil }
        if let id = ConversationID(text) { return id }
        guard let id = ThreadID(text) else {
            throw Refusal.validation("metadata.thread_id", "must be the id of a conversation")
        }
        return ConversationID(id.uuid)
    }
}
