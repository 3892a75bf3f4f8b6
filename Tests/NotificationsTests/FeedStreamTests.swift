import Foundation
import Postgres
import TestSupport
import Testing

@testable import NotificationsService
@testable import ServiceKit
@testable import SharedModels

/// The promise under test: who follows the feed gets what a webhook for all events gets, once each and in order, and goes
/// on where it was.
@Suite struct FeedStreamTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    /// Runs `body` while a replica's bell rings.
    private func follow(_ body: (World) async throws -> Void) async throws {
        try await World.use { world in
            let listening = Task { await world.bell.run() }
            defer { listening.cancel() }
            try await body(world)
        }
    }

    /// The events of a stream, until there are `count`.
    private func events(_ count: Int, of stream: FollowedEvents<Int64>) async throws -> [Block] {
        var blocks: [Block] = []
        for try await piece in stream {
            blocks += Block.all(in: piece.bytes)
            if blocks.count >= count { break }
        }
        return blocks
    }

    @Test(.timeLimit(.minutes(20)))
    func `a stream has the bytes that a webhook gets, and begins with now`() async throws {
        try await Receiver.use { receiver in
            try await follow { world in
                try await world.happen(to: owner, times: 2)
                try await world.register(
                    WebhookInput(url: receiver.url + "/hook", events: EventName.allCases), by: owner)
                let stream = try await world.feed.follow(owner, after: nil)
                let reading = Task { try await events(4, of: stream) }
                try await world.happen(to: other)
                let happened = try await world.happen(to: owner, times: 3) + world.happen(.keyExpiring, to: owner)
                let blocks = try await reading.value
                #expect(blocks.map(\.id) == happened.map { "\($0.id)" })
                #expect(blocks.map(\.event) == happened.map(\.name))
                try await eventually("all are delivered") { receiver.all.count == 4 }
                #expect(Set(blocks.map(\.data)) == Set(receiver.all.map { String(decoding: $0.body, as: UTF8.self) }))
            }
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `a stream goes on after any event, and an unknown one is refused`() async throws {
        try await follow { world in
            let happened = try await world.happen(to: owner, times: 250, of: .make(at: world.clock.now))
            let stream = try await world.feed.follow(owner, after: happened[9].id)
            let reading = Task { try await events(241, of: stream) }
            let last = try await world.happen(to: owner)
            #expect(try await reading.value.map(\.id) == (happened[10...] + last).map { "\($0.id)" })
            await #expect(throws: FeedError.unknownEvent) {
                try await world.feed.follow(other, after: happened[0].id)
            }
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `a reader who follows while many write misses nothing and gets nothing twice`() async throws {
        try await follow { world in
            let streams = [
                try await world.feed.follow(owner, after: nil), try await world.feed.follow(owner, after: nil),
            ]
            let seen = try await withThrowingTaskGroup(of: [String].self) { group in
                for stream in streams { group.addTask { try await events(180, of: stream).map(\.id) } }
                for _ in 0..<6 {
                    group.addTask {
                        for _ in 0..<10 { try await world.happen(to: owner, times: 3) }
                        return []
                    }
                }
                return try await group.reduce(into: [[String]]()) { if !$1.isEmpty { $0.append($1) } }
            }
            #expect(seen.count == 2 && seen[0] == seen[1])
            #expect(seen[0].count == 180 && Set(seen[0]).count == 180)
        }
    }
}

/// One event of a stream, as a client reads it.
private struct Block {
    let id: String
    let event: String
    let data: String

    /// Comments are left out.
    static func all(in bytes: [UInt8]) -> [Block] {
        String(decoding: bytes, as: UTF8.self).components(separatedBy: "\n\n").compactMap { block in
            var fields: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, !line.hasPrefix(":") {
                    fields[String(parts[0])] = String(parts[1].drop { $0 == " " })
                }
            }
            guard let id = fields["id"], let event = fields["event"], let data = fields["data"] else { return nil }
            return Block(id: id, event: event, data: data)
        }
    }
}
