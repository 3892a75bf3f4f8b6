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
    /// `nil`: channels need no confirmation.
    let codes: ChannelCodes?
    let links: UnsubscribeLinks
    /// Wakes the engine that delivers.
    let wakeUp: EngineBell
    let channels = ChannelStore()
    let lines = LineStore()
    let events = EventStore()

    /// Adds a channel, and has it sent a code.
    func create(
        _ input: ChannelInput, by caller: AccountID, isAdmin: Bool = false, at now: Timestamp
    ) async throws -> Channel {
        let channel = Channel(
            id: .make(at: now), ownerID: caller, target: try rule.target(input.channelType, input.config),
            enabledEvents: EventName.subscription(input.enabledEvents, ofAdmin: isAdmin),
            confirmedAt: codes == nil ? now : nil,
            version: 1, createdAt: now)
        let created = try await database.transaction { tx in
            try await channels.lockList(of: caller, in: tx)
            guard try await channels.count(of: caller, in: tx) < Self.limit else {
                throw ChannelError.tooMany
            }
            try await channels.insert(channel, in: tx)
            try await lines.insert(LineID(channel.id.uuid), of: caller, in: tx)
            return channel.isActive ? channel : try await sendCode(to: channel, at: now, in: tx)
        }
        wakeUp.signal()
        return created
    }

    func page(of caller: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<Channel> {
        try await channels.page(of: caller, after: cursor, limit: limit, in: database)
    }

    /// Sends another code. A channel that has nothing to confirm stays as it is.
    func sendCode(_ id: ChannelID, by caller: AccountID, at now: Timestamp) async throws -> Channel {
        let channel = try await database.transaction { tx in
            let channel = try await lock(id, by: caller, in: tx)
            if channel.isActive { return channel }
            try await lines.open(LineID(id.uuid), at: now, in: tx)
            if codes == nil { return try await activate(channel, at: now, in: tx) }
            return try await sendCode(to: channel, at: now, in: tx)
        }
        wakeUp.signal()
        return channel
    }

    /// Confirms a channel by its code. A wrong one counts, so that it cannot be found by trying.
    func confirm(_ id: ChannelID, by code: String, of caller: AccountID, at now: Timestamp) async throws -> Channel {
        let confirmed: Channel? = try await database.transaction { tx in
            var channel = try await lock(id, by: caller, in: tx)
            if channel.isActive { return channel }
            guard let codes, let until = channel.code.until, now < until,
                channel.code.guesses < ChannelCodes.mostGuesses
            else { throw ChannelError.noCode }
            if codes.matches(code, id, round: channel.code.round) {
                return try await activate(channel, at: now, in: tx)
            }
            channel.code.guesses += 1
            try await channels.save(channel, at: now, in: tx)
            return nil
        }
        guard let confirmed else { throw ChannelError.wrongCode }
        return confirmed
    }

    /// Deletes a channel and its pending messages.
    func delete(_ id: ChannelID, by caller: AccountID, expecting check: VersionCheck) async throws {
        try await database.transaction { tx in
            let channel = try await lock(id, by: caller, in: tx)
            try check(channel.version)
            try await channels.delete(id, in: tx)
            try await clearing.remove([LineID(id.uuid)], in: tx)
        }
    }

    /// - Throws: When the token is not that of the channel.
    func check(_ token: String, for id: ChannelID) throws {
        guard links.matches(token, id) else { throw ChannelError.badLink }
    }

    /// Ends a channel's messages on behalf of their reader. Its owner enables it again by a code.
    func unsubscribe(_ id: ChannelID, token: String, at now: Timestamp) async throws {
        try check(token, for: id)
        try await database.transaction { tx in
            guard try await channels.exists(id, in: tx) else { throw ChannelError.badLink }
            for channel in try await channels.disable([id], at: now, in: tx) {
                let line = LineID(channel.id.uuid)
                try await lines.close(line, at: now, in: tx)
                try await clearing.schedule([line], in: tx)
            }
        }
    }

    private func lock(_ id: ChannelID, by caller: AccountID, in tx: Transaction) async throws -> Channel {
        guard let channel = try await channels.lock(id, of: caller, in: tx) else { throw ChannelError.notFound }
        return channel
    }

    private func activate(_ channel: Channel, at now: Timestamp, in tx: Transaction) async throws -> Channel {
        var channel = channel
        channel.confirmedAt = now
        channel.disabledAt = nil
        channel.code.until = nil
        channel.version += 1
        try await channels.save(channel, at: now, in: tx)
        return channel
    }

    private func sendCode(to channel: Channel, at now: Timestamp, in tx: Transaction) async throws -> Channel {
        let target = channel.target.digest
        guard try await channels.noteCode(to: target, atMost: ChannelCodes.mostPerDay, at: now, in: tx) else {
            throw ChannelError.tooManyCodes
        }
        var channel = channel
        channel.code = CodeState(round: channel.code.round + 1, until: now + ChannelCodes.validity)
        channel.version += 1
        try await channels.save(channel, at: now, in: tx)
        let envelope = EventEnvelope(
            id: .make(at: now), name: OwnEvent.channelCode.rawValue, aggregate: EventAggregate(channel.id.uuid),
            sequence: channel.version, recipients: [],
            data: ["channel_id": .string("\(channel.id)"), "round": .integer(Int64(channel.code.round))], at: now,
            requestID: RequestTrace.current?.requestID)
        try await events.tell([LineID(channel.id.uuid)], of: ReceivedEvent(envelope), at: now, in: tx)
        return channel
    }
}
