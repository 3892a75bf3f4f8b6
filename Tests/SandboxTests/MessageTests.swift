import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: sent messages can be read back, by channel and recipient, newest first.
@Suite struct MessageTests {
    private let store = MessageStore()

    private func message(_ channel: MessageChannel, to recipient: String, _ text: String = "hello") -> Message {
        let at = Timestamp(seconds: 1_767_225_600)
        return Message(
            id: .make(at: at), channel: channel, recipient: recipient, subject: nil, text: text,
            payload: ["a": 1], at: at)
    }

    @Test func `messages are listed newest first, and filtered`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let database = sandbox.database
            try await store.insert(message(.email, to: "a@example.com", "first"), in: database)
            try await store.insert(message(.email, to: "A@Example.com", "second"), in: database)
            try await store.insert(message(.telegram, to: "42"), in: database)
            try await store.insert(message(.slack, to: "/slack/services/T/B/secret"), in: database)
            #expect(try await store.find(channel: nil, to: nil, in: database).count == 4)
            #expect(
                try await store.find(channel: .email, to: "a@example.com", in: database).map(\.text) == [
                    "second", "first",
                ])
            #expect(try await store.find(channel: .telegram, to: "42", in: database).count == 1)
            #expect(try await store.find(channel: .telegram, to: "2", in: database).isEmpty)
            let url = "http://127.0.0.1:8089/slack/services/T/B/secret"
            #expect(try await store.find(channel: .slack, to: url, in: database).count == 1)
            #expect(try await store.find(channel: .slack, to: "T/B/secret", in: database).count == 1)
        }
    }

    @Test func `a repeat under its key is kept once`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let first = try await store.insert(
                message(.email, to: "a@b"), idempotencyKey: "k", in: sandbox.database)
            let second = try await store.insert(
                message(.email, to: "a@b"), idempotencyKey: "k", in: sandbox.database)
            #expect(first == second)
            #expect(try await store.find(channel: .email, to: nil, in: sandbox.database).count == 1)
        }
    }
}
