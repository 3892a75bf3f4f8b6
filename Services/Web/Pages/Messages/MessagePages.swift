import GuildhallClient
import SharedModels

/// `/messages`: one's conversations.
struct MessagePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/messages", list)
        site.get("/messages/new") { visit in try await write(visit, Self.newForm(visit)) }
        site.upload("/messages/new", begin)
        site.get("/messages/{conversationId}") { try await show($0, nil) }
        site.upload("/messages/{conversationId}", send)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        async let person = visit.person()
        let list = try await visit.api.call(
            Endpoints.messages.conversations, query: visit.queries("page", "search").merging(["limit": "20"]) { $1 })
        let own = try await person.userID
        let page = list.pagination
        var values: Values = [
            "conversations": list.conversations.map { Self.values($0, own, visit.display) },
            "isEmpty": list.conversations.isEmpty, "search": visit.query("search") ?? "",
            "isSearchable": !list.conversations.isEmpty || visit.query("search") != nil,
        ]
        if page.page < page.totalPages {
            values["more"] = ["address": visit.address(with: ["page": "\(page.page + 1)"])] as Values
        }
        return .page("messages", "Messages", values, place: "messages")
    }

    private static func values(_ item: ConversationItem, _ own: AccountID, _ display: Display) -> Values {
        let other = item.participants.first { $0.userID.id != own }
        return [
            "address": address(of: item.id, with: other?.userID.id),
            "other": other?.name ?? "Somebody who has left",
            "company": other?.company ?? "", "unread": item.unreadCount, "hasUnread": item.unreadCount > 0,
            "last": (item.lastMessage?.text ?? "").beginning(),
            "at": display.time(item.lastMessage?.sentAt ?? item.updatedAt),
        ]
    }

    /// - Parameter other: Whom an answer goes to: messages tell of their senders alone.
    private static func address(of conversation: PrefixedID<ConversationKind>, with other: AccountID?) -> String {
        "/messages/\(conversation.id.prefixed)" + (other.map { "?to=\($0.prefixed)" } ?? "")
    }

    private func show(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        async let person = visit.person()
        let page = try await visit.api.call(
            Endpoints.messages.conversation, path: visit.parts,
            query: visit.queries("before").merging(["limit": "30"]) { $1 })
        let own = try await person.userID
        let sender = page.messages.first { $0.senderID.id != own }?.senderID.id
        let named = sender ?? AccountID(visit.query("to") ?? visit.fields.text("to") ?? "")
        let other = if let named { named } else { try await Self.other(in: page.conversationID, than: own, visit) }
        let parts = Parts()
        let name = try await other.asyncMap { try await visit.name(of: $0, parts) }
        var values: Values = [
            "other": name ?? "Conversation", "isEmpty": page.messages.isEmpty,
            "messages": page.messages.reversed().map { Self.values($0, own, visit) },
            "form": (refused ?? Self.form(visit, to: other)).values(visit),
        ]
        if let before = page.pagination.nextBefore {
            values["older"] = visit.address(with: ["before": before.id.prefixed])
        }
        return .page(
            "conversation", name ?? "Conversation", values, status: refused == nil ? 200 : 422, place: "messages", parts
        )
    }

    /// The other side of a conversation that only the visitor has written in, on a link that does not name it.
    private static func other(
        in conversation: PrefixedID<ConversationKind>, than own: AccountID, _ visit: Visit
    ) async throws -> AccountID? {
        let list = try await visit.api.call(Endpoints.messages.conversations, query: ["limit": "100"])
        return list.conversations.first { $0.id == conversation }?.participants.first { $0.userID.id != own }?.userID.id
    }

    private static func values(_ message: MessageView, _ own: AccountID, _ visit: Visit) -> Values {
        var values: Values = [
            "isOwn": message.senderID.id == own,
            "text": visit.excerpt(message.message, "\(message.messageID.id)", 1000),
            "at": visit.display.time(message.sentAt),
            "isRead": message.readAt != nil && message.senderID.id == own, "isGone": message.deletedAt != nil,
        ]
        if let media = message.metadata.mediaID?.id, message.deletedAt == nil {
            let address = "/api/media/\(media.objectID)"
            values[message.type == .image ? "image" : "file"] = address
        }
        return values
    }

    private static func form(_ visit: Visit, to other: AccountID?) -> Form {
        Form(
            "/messages/\(visit.part("conversationId").percentEncoded)", submit: "Send",
            [
                Field(.area, "message", "Your message").with {
                    $0.isRequired = true; $0.most = MessageInput.longest
                },
                Field(.hidden, "to", "").with { $0.value = other?.prefixed ?? "" },
                attachment,
            ])
    }

    @Sendable private func send(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form(visit, to: nil), again: { try await show(visit, $0) }) {
            let receipt = try await deliver(visit, to: visit.fields.text("to") ?? "")
            return .see(
                Self.address(of: receipt.conversationID, with: AccountID(visit.fields.text("to") ?? "")))
        }
    }

    private static let attachment = Field.file(MediaEndpoints.media, "An image or a video", isRequired: false)

    /// Stores what comes with the message first, and then sends the message with it.
    private func deliver(_ visit: Visit, to recipient: String) async throws -> MessageReceipt {
        var body = [
            JSONMember("recipient_id", .string(recipient)),
            JSONMember("message", .string(visit.fields.text("message") ?? "")),
        ]
        if visit.hasFile {
            // A message without words is refused, and what came with it would be stored for nothing.
            guard visit.fields.text("message") != nil else { throw FieldProblem("message", "is required") }
            let stored = try await visit.pass(to: Endpoints.media.upload)
            guard
                let id = WebURL(stored.mediaURL).flatMap({ FileID(Substring($0.path.split(separator: "/").last ?? "")) }
                )
            else { throw NothingThere() }
            body.append(JSONMember("type", .string(stored.mediaType == .image ? "image" : "file")))
            body.append(JSONMember("metadata", ["media_id": .string(id.prefixed)]))
        }
        return try await visit.api.call(Endpoints.messages.send, .object(body), idempotencyKey: visit.once)
    }

    private static func newForm(_ visit: Visit) -> Form {
        Form(
            "/messages/new", submit: "Send",
            [
                Field(.area, "message", "Your message").with {
                    $0.isRequired = true; $0.most = MessageInput.longest
                },
                Field(.hidden, "to", "").with {
                    $0.value = visit.query("to") ?? ""; $0.member = "recipient_id"
                },
                attachment,
            ])
    }

    private func write(_ visit: Visit, _ form: Form) async throws -> WebAnswer {
        let to = AccountID(form.fields.first { $0.name == "to" }?.value ?? "")
        let name = try await to.asyncMap { try await visit.name(of: $0, Parts()) }
        return visit.formPage(
            "Write a message", form, lead: name.map { "To \($0)." }, back: ("/messages", "Messages"), place: "messages")
    }

    @Sendable private func begin(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.newForm(visit), again: { try await write(visit, $0) }) {
            guard let to = visit.fields.text("to").flatMap({ AccountID($0) }) else {
                throw FieldProblem("recipient_id", "is nobody")
            }
            let receipt = try await deliver(visit, to: to.prefixed)
            return .see(Self.address(of: receipt.conversationID, with: to), .done("Your message is sent."))
        }
    }
}

extension Optional {
    func asyncMap<Other>(_ transform: (Wrapped) async throws -> Other?) async rethrows -> Other? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
