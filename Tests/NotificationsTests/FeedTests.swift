import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: an account sees in its feed what a webhook for all events would have received, and no other.
@Suite struct FeedTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    private func sequences(_ page: Page<FeedEvent>) throws -> [Int64] {
        try page.items.map { try JSONValue.parse($0.body).decode(EventView.self).sequence }
    }

    @Test func `the feed shows what a webhook received, the oldest first and nobody else's`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await world.register(
                    WebhookInput(url: receiver.url + "/hook", events: EventName.allCases), by: owner)
                let thing = EventAggregate.make(at: world.clock.now)
                try await world.happen(to: owner, times: 5, of: thing)
                try await world.happen(.keyExpiring, to: other)
                try await world.happen(.keyExpiring, to: owner)
                try await eventually("all are delivered") { receiver.all.count == 6 }
                let page = try await world.feed.events(for: owner, after: nil, limit: 100)
                #expect(page.nextCursor == nil)
                let sent = try receiver.all.map { try JSONValue.parse($0.body).decode(EventView.self) }
                #expect(Set(page.items.map(\.id)) == Set(sent.map(\.id)) && page.items.count == 6)
                for event in page.items {
                    #expect(receiver.all.contains { $0.body == event.body })
                }
                let shown = try page.items.map { try JSONValue.parse($0.body).decode(EventView.self) }
                #expect(shown.map(\.sequence) == [1, 2, 3, 4, 5, 1])
            }
        }
    }

    @Test func `a reader goes on after a cursor or any event's id, and an unknown id is refused`() async throws {
        try await World.use { world in
            try await world.happen(to: owner, times: 5, of: .make(at: world.clock.now))
            let first = try await world.feed.events(for: owner, after: nil, limit: 2)
            #expect(try sequences(first) == [1, 2])
            let cursor = try #require(first.nextCursor.flatMap { EventID($0) })
            let second = try await world.feed.events(for: owner, after: cursor, limit: 3)
            #expect(try sequences(second) == [3, 4, 5] && second.nextCursor == nil)
            let last = try #require(second.items.last?.id)
            let nothing = try await world.feed.events(for: owner, after: last, limit: 3)
            #expect(nothing.items.isEmpty)
            await #expect(throws: FeedError.unknownEvent) {
                try await world.feed.events(for: other, after: last, limit: 3)
            }
        }
    }

    @Test func `whoever asks for the newest sees them first, and goes on to the older ones`() async throws {
        try await World.use { world in
            try await world.happen(to: owner, times: 5, of: .make(at: world.clock.now))
            try await world.happen(.keyExpiring, to: other)
            let first = try await world.feed.events(for: owner, after: nil, in: .newest, limit: 3)
            #expect(try sequences(first) == [5, 4, 3])
            let cursor = try #require(first.nextCursor.flatMap { EventID($0) })
            let second = try await world.feed.events(for: owner, after: cursor, in: .newest, limit: 3)
            #expect(try sequences(second) == [2, 1] && second.nextCursor == nil)
        }
    }

    @Test func `a reader of pages misses nothing while many write and sees nothing twice`() async throws {
        try await World.use { world in
            let seen = try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask { for _ in 0..<10 { try await world.happen(to: owner, times: 3) } }
                }
                var seen: [EventID] = []
                while seen.count < 180 {
                    seen += try await world.feed.events(for: owner, after: seen.last, limit: 7).items.map(\.id)
                }
                try await group.waitForAll()
                return seen
            }
            #expect(seen.count == 180 && Set(seen).count == 180)
        }
    }

    @Test func `the inbox says it in words, counts what is unread, and forgets it once read`() async throws {
        try await World.use { world in
            let events = try await world.happen(to: owner, times: 2)
            world.clock.advance(by: .seconds(1))
            let third = try await world.happen(.keyExpiring, to: owner)[0]
            let (page, texts, unread) = try await world.feed.notices(for: owner, after: nil, limit: 2)
            #expect(unread == 3 && page.items.count == 2 && page.nextCursor != nil)
            #expect(page.items[0].id == third.id && page.items[0].readAt == nil)
            #expect(texts[1].text == "Your gig “Paint a fence” was updated. Its status is now active.")
            #expect(try await world.feed.markRead([events[0].id], of: other, at: world.clock.now) == 0)
            #expect(try await world.feed.markRead([events[0].id], of: owner, at: world.clock.now) == 1)
            #expect(try await world.feed.markRead(nil, of: owner, at: world.clock.now) == 2)
            let after = try await world.feed.notices(for: owner, after: nil, limit: 10)
            #expect(after.unread == 0 && after.page.items.allSatisfy { $0.readAt == world.clock.now })
        }
    }
}
