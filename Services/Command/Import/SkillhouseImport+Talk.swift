import SharedModels

extension SkillhouseImport {
    func bringReviews() async throws {
        var (items, reviewed): ([Item<ImportedReview>], Set<ContractID>) = ([], [])
        try await read(.reviews) { fields in
            guard let review = ReviewRow(fields, world, reviewed)?.review else { return false }
            reviewed.insert(review.contractID)
            items.append(Item(row: fields.row, thing: review))
            try await send(&items, isLast: false, as: ImportBatch.reviews)
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.reviews)
    }

    /// Two people have one conversation. Another one of theirs is merged into the first.
    func bringConversations() async throws {
        var (items, pairs): ([Item<ImportedConversation>], [Set<AccountID>: ConversationID]) = ([], [:])
        try await read(.conversations) { fields in
            guard let row = ConversationRow(fields, world) else {
                if let id = fields.row.id.flatMap({ ConversationID($0) }), !world.conversations.contains(id) {
                    world.conversations.refuse(id)
                }
                return false
            }
            let conversation = row.conversation
            if let other = pairs[row.pair] {
                world.conversations.merge(conversation.id, into: other)
                report.count(.merged(into: other.objectID), of: fields.row)
                return true
            }
            pairs[row.pair] = conversation.id
            world.conversations.accept(conversation.id)
            world.members[conversation.id] = row.pair
            items.append(Item(row: fields.row, thing: conversation))
            try await sendConversations(&items, isLast: false)
            return true
        }
        try await sendConversations(&items, isLast: true)
    }

    private func sendConversations(_ items: inout [Item<ImportedConversation>], isLast: Bool) async throws {
        try await send(&items, isLast: isLast, as: ImportBatch.conversations) { conversation, outcome in
            switch outcome.result {
            case .refused: world.conversations.refuse(conversation.id)
            case .merged:
                guard let other = outcome.insteadID.flatMap({ ConversationID($0) }) else { return }
                world.conversations.merge(conversation.id, into: other)
                world.members[other] = [conversation.clientID, conversation.freelancerID]
            case .imported, .present: break
            }
        }
    }

    func bringMessages() async throws {
        var items: [Item<ImportedMessage>] = []
        try await read(.messages) { fields in
            guard let message = MessageRow(fields, world)?.message else { return false }
            items.append(Item(row: fields.row, thing: message))
            try await send(&items, isLast: false, as: ImportBatch.messages)
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.messages)
    }

    func bringNotices() async throws {
        var items: [Item<ImportedNotice>] = []
        try await read(.notifications) { fields in
            guard let notice = NoticeRow(fields, world)?.notice else { return false }
            items.append(Item(row: fields.row, thing: notice))
            try await send(&items, isLast: false, as: ImportBatch.notices)
            return true
        }
        try await send(&items, isLast: true, as: ImportBatch.notices)
    }
}
