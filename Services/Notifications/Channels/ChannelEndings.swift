import Logging
import Postgres
import ServiceKit
import SharedModels

/// Disables channels that refuse for good, and follows those that have moved. Their owners are told elsewhere.
struct ChannelEndings: Sendable {
    let clearing: LineClearing
    let logger: Logger
    let channels = ChannelStore()
    let lines = LineStore()
    let events = EventStore()

    /// Draws the consequences of attempts, in the transaction that stores them.
    func note(_ outcomes: [AttemptOutcome], at now: Timestamp, in tx: Transaction) async throws {
        var gone = Set<ChannelID>()
        for outcome in outcomes {
            guard case .channel = outcome.delivery.destination else { continue }
            let id = ChannelID(outcome.delivery.lineID.uuid)
            if let chatID = outcome.result.movedTo { try await channels.move(id, toChat: chatID, at: now, in: tx) }
            if outcome.result.verdict == .gone { gone.insert(id) }
            if outcome.next == nil, outcome.result.verdict != .delivered {
                logger.warning(
                    "a message to a channel was given up",
                    metadata: ["channel": "\(id)", "reason": "\(outcome.result.error ?? "none")"])
            }
        }
        if !gone.isEmpty { try await end(Array(gone), at: now, in: tx) }
    }

    private func end(_ ids: [ChannelID], at now: Timestamp, in tx: Transaction) async throws {
        // First, as when events come in: its lock before those of lines.
        try await events.feed.lock(in: tx)
        for channel in try await channels.disable(ids, at: now, in: tx) {
            let line = LineID(channel.id.uuid)
            try await lines.close(line, at: now, in: tx)
            try await clearing.schedule([line], in: tx)
            let envelope = EventEnvelope(
                id: .make(at: now), name: OwnEvent.channelDisabled.rawValue, aggregate: EventAggregate(line.uuid),
                sequence: channel.version, recipients: [channel.ownerID],
                data: [
                    "channel_id": .string("\(channel.id)"), "channel_type": .string(channel.target.type.rawValue),
                ], at: now, requestID: nil)
            // In the inbox, and on the owner's other channels.
            try await events.tell(
                try await channels.activeLines(of: channel.ownerID, in: tx), of: ReceivedEvent(envelope), at: now,
                in: tx)
            logger.info("channel was disabled", metadata: ["channel": "\(channel.id)"])
        }
    }
}
