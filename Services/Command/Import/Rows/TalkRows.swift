import SharedModels

/// What is read of `reviews`.
struct ReviewRow: Sendable {
    let review: ImportedReview

    init?(_ fields: DumpFields, _ world: DumpWorld, _ reviewed: Set<ContractID>) {
        let id: ReviewID? = fields.id()
        let contract = fields.reference("contractId", in: world.contracts)
        let description = fields.textIfPresent("description", atMost: 5000) ?? ""
        let rating = fields.value("rating")?.mongoWhole.flatMap { (1...5).contains($0) ? Int($0) : nil }
        if rating == nil { fields.refuse("rating", "must be a whole number, 1 to 5") }
        if fields.flag("isDeleted") { fields.refuse("isDeleted", "is true: the review is not shown in the original") }
        if let contract, let facts = world.contractFacts[contract] {
            if facts.status != .completed {
                fields.refuse("contractId", "is a contract that is \(facts.status.rawValue)")
            }
            if reviewed.contains(contract) { fields.refuse("contractId", "is a contract that has a review already") }
            let parties: [(String, AccountID)] = [("clientId", facts.clientID), ("freelancerId", facts.freelancerID)]
            for (field, party) in parties where fields.idIfPresent(field, AccountKind.self) ?? party != party {
                fields.refuse(field, "is not the contract's")
            }
        }
        guard fields.problems.isEmpty, let id, let contract, let rating else { return nil }
        review = ImportedReview(
            id: id, contractID: contract, rating: rating, description: description, createdAt: fields.created)
    }
}

/// What is read of `conversations`.
struct ConversationRow: Sendable {
    let conversation: ImportedConversation

    var pair: Set<AccountID> { [conversation.clientID, conversation.freelancerID] }

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: ConversationID? = fields.id()
        let client = world.user("clientId", .client, fields)
        let freelancer = world.user("freelancerId", .freelancer, fields)
        guard fields.problems.isEmpty, let id, let client, let freelancer else { return nil }
        conversation = ImportedConversation(
            id: id, clientID: client, freelancerID: freelancer, createdAt: fields.created)
    }
}

/// What is read of `messages`.
struct MessageRow: Sendable {
    private static let longest = 5000

    let message: ImportedMessage

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: MessageID? = fields.id()
        let conversation = fields.reference("conversationId", in: world.conversations)
        let sender = fields.reference("senderId", in: world.users)
        if let conversation, let sender, world.members[conversation]?.contains(sender) == false {
            fields.refuse("senderId", "takes no part in the conversation")
        }
        let text = Self.text(fields)
        let isRead = fields.flag("isRead")
        guard fields.problems.isEmpty, let id, let conversation, let sender, let text else { return nil }
        message = ImportedMessage(
            id: id, conversationID: conversation, senderID: sender, text: text, sentAt: fields.created,
            readAt: isRead ? fields.momentIfPresent("readAt") ?? fields.updated : nil)
    }

    /// What was said. The address of an image or a video stands below it: the file itself is at the original's store.
    private static func text(_ fields: DumpFields) -> String? {
        let said = fields.value("message")?.string ?? ""
        let media = fields.value("mediaUrl")?.string?.trimmed ?? ""
        let text = [said, media].filter { !$0.trimmed.isEmpty }.joined(separator: "\n")
        guard !text.isEmpty else {
            fields.refuse("message", "is empty, and there is no media")
            return nil
        }
        let count = text.unicodeScalars.count
        guard count <= longest else {
            fields.refuse("message", "has \(count) characters, and at most \(longest) are possible")
            return nil
        }
        if !media.isEmpty { fields.note("mediaUrl", "stands below the text, as a link") }
        return text
    }
}

/// What is read of `notifications`.
struct NoticeRow: Sendable {
    let notice: ImportedNotice

    init?(_ fields: DumpFields, _ world: DumpWorld) {
        let id: EventID? = fields.id()
        let user = fields.reference("userId", in: world.users)
        let role = user.flatMap { fields.choice("role", default: world.types[$0]) }
        let type: NoticeType? = fields.choice("type")
        let text = fields.text("message", 1...100_000).map { Self.shortened($0, fields) }
        let isRead = fields.flag("read")
        guard fields.problems.isEmpty, let id, let user, let role, let type, let text else { return nil }
        notice = ImportedNotice(
            id: id, userID: user, message: text, role: role, type: type, createdAt: fields.created,
            readAt: isRead ? fields.updated : nil)
    }

    private static func shortened(_ text: String, _ fields: DumpFields) -> String {
        let letters = text.unicodeScalars
        guard letters.count > ImportLimit.notice else { return text }
        fields.note("message", "has \(letters.count) characters, and is cut after \(ImportLimit.notice - 1)")
        return String(letters.prefix(ImportLimit.notice - 1)).trimmed + "…"
    }
}
