import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: nobody's chat or mailbox gets anything but a few codes until its reader has agreed.
@Suite struct ChannelConfirmationTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    private func use(_ body: (World, Receiver) async throws -> Void) async throws {
        try await Receiver.use { receiver in
            try await World.use(environment: ["CHANNEL_CONFIRMATION": "on"], sandboxURL: receiver.url) { world in
                try await body(world, receiver)
            }
        }
    }

    private func add(_ world: World, _ receiver: Receiver, by owner: AccountID? = nil) async throws -> Channel {
        let config = ChannelConfig(webhookURL: receiver.url + "/slack/x")
        return try await world.add(ChannelInput(channelType: .slack, config: config), by: owner ?? self.owner)
    }

    /// The codes that were sent, oldest first.
    private func codes(_ receiver: Receiver) throws -> [String] {
        try receiver.all.compactMap { asked in
            let text = try JSONValue.parse(asked.body)["text"]?.string ?? ""
            return text.firstMatch(of: /^(\d{6}) is your code/).map { String($0.1) }
        }
    }

    @Test func `a channel gets its code and nothing else until the code is repeated`() async throws {
        try await use { world, receiver in
            let channel = try await add(world, receiver)
            #expect(channel.confirmedAt == nil)
            try await world.happen(to: owner)
            try await eventually("the code is sent") { try codes(receiver).count == 1 }
            let code = try codes(receiver)[0]
            await #expect(throws: ChannelError.notFound) {
                try await world.channels.confirm(
                    channel.id, by: code, of: .make(at: world.clock.now), at: world.clock.now)
            }
            let confirmed = try await world.channels.confirm(channel.id, by: code, of: owner, at: world.clock.now)
            #expect(confirmed.confirmedAt == world.clock.now && confirmed.version > channel.version)
            // Once more changes nothing.
            #expect(try await world.channels.confirm(channel.id, by: "x", of: owner, at: world.clock.now) == confirmed)
            try await world.happen(.gigCreated, to: owner)
            try await eventually("it is told of what happens from now on") { receiver.all.count == 2 }
            try await eventually("both are stored") { try await world.states == ["delivered", "delivered"] }
        }
    }

    @Test func `five wrong guesses or fifteen minutes end a code, and a new one works`() async throws {
        try await use { world, receiver in
            let channel = try await add(world, receiver)
            try await eventually("the code is sent") { try codes(receiver).count == 1 }
            let first = try codes(receiver)[0]
            for _ in 0..<ChannelCodes.mostGuesses {
                await #expect(throws: ChannelError.wrongCode) {
                    try await world.channels.confirm(channel.id, by: "12345", of: owner, at: world.clock.now)
                }
            }
            await #expect(throws: ChannelError.noCode) {
                try await world.channels.confirm(channel.id, by: first, of: owner, at: world.clock.now)
            }
            _ = try await world.channels.sendCode(channel.id, by: owner, at: world.clock.now)
            try await eventually("another is sent") { try codes(receiver).count == 2 }
            let second = try codes(receiver)[1]
            #expect(second != first)
            world.clock.advance(by: ChannelCodes.validity)
            await #expect(throws: ChannelError.noCode) {
                try await world.channels.confirm(channel.id, by: second, of: owner, at: world.clock.now)
            }
            _ = try await world.channels.sendCode(channel.id, by: owner, at: world.clock.now)
            try await eventually("a third is sent") { try codes(receiver).count == 3 }
            let confirmed = try await world.channels.confirm(
                channel.id, by: codes(receiver)[2], of: owner, at: world.clock.now)
            #expect(confirmed.isActive)
        }
    }

    @Test func `an address gets five codes a day, from all who ask together`() async throws {
        try await use { world, receiver in
            for _ in 0..<ChannelCodes.mostPerDay {
                _ = try await add(world, receiver, by: .make(at: world.clock.now))
            }
            await #expect(throws: ChannelError.tooManyCodes) {
                try await add(world, receiver, by: .make(at: world.clock.now))
            }
            #expect(ChannelError.tooManyCodes.code == .rateLimitExceeded)
            world.clock.advance(by: .hours(25))
            _ = try await add(world, receiver, by: .make(at: world.clock.now))
        }
    }
}
