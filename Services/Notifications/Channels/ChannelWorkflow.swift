import Postgres
import ServiceKit
import SharedModels

/// What an account can do with its notification channels.
struct ChannelWorkflow: Sendable {
    /// Channels of one account: each event is one message per channel.
    static let limit = 20

    let database: Database
    let clock: any DomainClock
    let rule: ChannelRule
    let channels = ChannelStore()

    func create(_ input: ChannelInput, by caller: AccountID) async throws -> Channel {
        let now = clock.now
        let channel = Channel(
            id: .make(at: now), ownerID: caller, target: try rule.target(input.channelType, input.config),
            enabledEvents: EventName.subscription(input.enabledEvents), version: 1, createdAt: now)
        try await database.transaction { tx in
            guard try await channels.count(of: caller, in: tx) < Self.limit else {
                throw NotificationsError.tooManyChannels
            }
            try await channels.insert(channel, in: tx)
        }
        return channel
    }

    func list(of caller: AccountID, limit: Int, after cursor: PageCursor?) async throws -> ChannelList {
        let found = try await channels.list(of: caller, limit: limit, after: cursor, in: database)
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last.map { PageCursor($0.createdAt, $0.id).description } : nil
        return ChannelList(notifications: page.map(\.view), nextCursor: next)
    }

    /// Ends a channel, and what was still to be said on it.
    ///
    /// - Parameter check: Throws when the caller meant another version.
    func delete(_ id: ChannelID, by caller: AccountID, check: (Int64) throws -> Void) async throws {
        try await database.transaction { tx in
            guard let version = try await channels.lock(id, of: caller, in: tx) else {
                throw NotificationsError.channelNotFound
            }
            try check(version)
            try await channels.delete(id, in: tx)
        }
    }
}
