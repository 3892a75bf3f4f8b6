import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: participants hear of messages as they come, in order and without a gap, from any replica.
@Suite struct LiveTests {
    /// Runs `body` while the bell listens.
    private func use(_ body: @escaping @Sendable (World) async throws -> Void) async throws {
        try await World.use { world in
            let running = Task { await world.features.bell.run() }
            defer { running.cancel() }
            try await body(world)
        }
    }

    private func text(_ event: OutgoingEvent?) -> String {
        event.map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
    }

    @Test func `a stream begins with a sign of life, and has each message with its id`() async throws {
        try await use { world in
            let id = try await world.send("before", from: world.ada, to: world.ben).conversationID
            let stream = try await world.features.live.follow(id, after: nil, by: world.ben)
            var events = stream.makeAsyncIterator()
            #expect(text(try await events.next()) == ": still here\n\n")
            let sent = try await world.send("a\nb", from: world.ada, to: world.ben)
            let told = text(try await events.next())
            #expect(told.hasPrefix("event: message\nid: \(sent.id.prefixed)\ndata: {"))
            #expect(told.contains(#""message":"a\nb""#) && told.hasSuffix("}\n\n"))
        }
    }

    @Test func `a hundred parallel messages come in order, once each`() async throws {
        try await use { world in
            let id = try await world.send("0", from: world.ada, to: world.ben).conversationID
            let stream = try await world.features.live.follow(id, after: nil, by: world.ben)
            async let sent = attempts(100) { try await world.send("\($0)", from: world.ada, to: world.ben) }
            var (events, ids) = (stream.makeAsyncIterator(), [String]())
            while ids.count < 100, let event = try await events.next() {
                ids += text(event).split(separator: "\n").filter { $0.hasPrefix("id: ") }.map {
                    String($0.dropFirst(4))
                }
            }
            let expected = await sent.successes.sorted { $0.position < $1.position }.map(\.id.prefixed)
            #expect(ids == expected)
        }
    }

    @Test func `a reader who comes again gets what it missed`() async throws {
        try await use { world in
            let first = try await world.send("1", from: world.ada, to: world.ben)
            for number in 2...120 { try await world.send("\(number)", from: world.ada, to: world.ben) }
            let stream = try await world.features.live.follow(
                first.conversationID, after: first.id, by: world.ben)
            var (events, texts) = (stream.makeAsyncIterator(), [String]())
            while texts.count < 119, let event = try await events.next() {
                for line in text(event).split(separator: "\n") where line.hasPrefix("data: ") {
                    let json = try JSONValue.parse(Array(line.dropFirst(6).utf8))
                    texts.append(try #require(json["message"]?.string))
                }
            }
            #expect(texts == (2...120).map(String.init))
        }
    }

    @Test func `a writer hears that its messages were read`() async throws {
        try await use { world in
            let sent = try await world.send("Hello", from: world.ada, to: world.ben)
            let stream = try await world.features.live.follow(
                sent.conversationID, after: nil, by: world.ada)
            var events = stream.makeAsyncIterator()
            _ = try await events.next()
            _ = try await world.texts(in: sent.conversationID, by: world.ben)
            let told = text(try await events.next())
            #expect(told.hasPrefix("event: read\ndata: {"))
            #expect(told.contains(sent.id.prefixed) && told.contains(world.ben.prefixed))
        }
    }

    @Test func `a message of another replica is heard of`() async throws {
        try await use { world in
            let id = try await world.send("1", from: world.ada, to: world.ben).conversationID
            let replica = StreamBell(.messages, database: world.database, logger: .quiet)
            let running = Task { await replica.run() }
            defer { running.cancel() }
            let live = LiveWorkflow(database: world.database, bell: replica)
            var events = try await live.follow(id, after: nil, by: world.ben).makeAsyncIterator()
            _ = try await events.next()
            try await world.send("2", from: world.ada, to: world.ben)
            #expect(text(try await events.next()).contains(#""message":"2""#))
        }
    }

    @Test func `a wait ends with a message, and at once when one is unread`() async throws {
        try await use { world in
            let id = try await world.send("1", from: world.ada, to: world.ben).conversationID
            let departure = Departure()
            try await world.features.live.waitForMessage(in: id, for: .seconds(600), by: world.ben, or: departure)
            _ = try await world.texts(in: id, by: world.ben)
            async let waited: Void = world.features.live.waitForMessage(
                in: id, for: .seconds(600), by: world.ben, or: departure)
            try await world.send("2", from: world.ada, to: world.ben)
            try await waited
            #expect(try await world.texts(in: id, by: world.ben) == ["2", "1"])
        }
    }

    @Test func `a wait ends when its time is over, and for strangers before it begins`() async throws {
        try await use { world in
            let id = try await world.send("1", from: world.ada, to: world.ben).conversationID
            let departure = Departure()
            try await world.features.live.waitForMessage(in: id, for: .milliseconds(1), by: world.ada, or: departure)
            await #expect(throws: ConversationError.notFound) {
                try await world.features.live.waitForMessage(
                    in: id, for: .seconds(600), by: .make(at: .start), or: departure)
            }
            await #expect(throws: ConversationError.notFound) {
                _ = try await world.features.live.follow(id, after: nil, by: .make(at: .start))
            }
        }
    }
}
