import SharedModels
import Testing

extension Journeys {
    @Suite struct KeyExpiry {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A week before a key ends its owner is told, where this was asked for`() async throws {
            let account = try await stack.client()
            let key = try await account.key()
            // The session does not last as long.
            let owner = Account(id: account.id, login: account.login, session: key.caller)
            let chat = "\(UInt32.random(in: 1 ... .max))"
            let channel = try await owner.session.succeed(
                Endpoints.notifications.createChannel.operation, [:],
                [
                    "channel_type": "telegram", "config": ["chat_id": .string(chat)],
                    "enabled_events": ["key.expiring"],
                ])
            #expect(channel["enabled_events"] == ["key.expiring"])
            try await Receiver.use(of: owner) { receiver in
                try await stack.advanceClock(seconds: 83 * 86_400 + 60)
                let told = try await eventually("the owner is told") {
                    let messages = try await stack.messages(channel: "telegram", to: chat)
                    return messages.isEmpty ? nil : messages
                }
                #expect(told.count == 1 && told[0].contains("journey"))
                #expect(receiver.deliveries.allSatisfy { $0.event != "key.expiring" })
            }
            try await key.caller.succeed(Endpoints.keys.verify.operation)
        }
    }
}
