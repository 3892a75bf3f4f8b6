import Postgres
import ServiceKit
import SharedModels

/// An account's actions on its notification channels.
struct ChannelWorkflow: Sendable {
    /// Channels per account. Each event becomes one message per channel.
    static let limit = 20

    let database: Database
    let rule: ChannelRule
    let clearing: LineClearing
    let channels = ChannelStore()
    let lines = LineStore()

    func create(_ input: ChannelInput, by caller: AccountID, at now: Timestamp) async throws -> Channel {
        let channel = Channel(
            id: .make(at: now), ownerID: caller, target: try rule.target(input.channelType, input.config),
            enabledEvents: EventName.subscription(input.enabledEvents), version: 1, createdAt: now)
        try await database.transaction { tx in
            try await channels.lockList(of: caller, in: tx)
            guard try await channels.count(of: caller, in: tx) < Self.limit else {
                throw ChannelError.tooMany
            }
            try await channels.insert(channel, in: tx)
            try await lines.insert(EndpointID(channel.id.uuid), of: caller, in: tx)
        }
        return channel
    }

    func page(of caller: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<Channel> {
        try await channels.page(of: caller, after: cursor, limit: limit, in: database)
    }

    /// Deletes a channel and its pending messages.
    func delete(_ id: ChannelID, by caller: AccountID, expecting check: VersionCheck) async throws {
        try await database.transaction { tx in
            guard let channel = try await channels.lock(id, of: caller, in: tx) else {
                throw ChannelError.notFound
            }
            try check(channel.version)
            try await channels.delete(id, in: tx)
            try await clearing.remove([EndpointID(id.uuid)], in: tx)
        }
    }
}
