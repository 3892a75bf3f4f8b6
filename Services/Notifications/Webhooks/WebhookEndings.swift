import Logging
import Postgres
import ServiceKit
import SharedModels

/// Disables webhooks whose receivers say that they are gone, or take nothing for days, and tells their owners.
struct WebhookEndings: Sendable {
    /// How long a webhook may take nothing of what is sent to it.
    static let patience = Duration.days(5)

    let clearing: LineClearing
    let logger: Logger
    let webhooks = WebhookStore()
    let channels = ChannelStore()
    let lines = LineStore()
    let events = EventStore()

    /// Draws the consequences of attempts, in the transaction that stores them.
    func note(_ outcomes: [AttemptOutcome], at now: Timestamp, in tx: Transaction) async throws {
        var (taken, failed) = (Set<WebhookID>(), Set<WebhookID>())
        var gone: [WebhookID: String] = [:]
        for outcome in outcomes {
            guard case .webhook(let target) = outcome.delivery.destination else { continue }
            switch outcome.result.verdict {
            case .delivered: taken.insert(target.id)
            case .gone: gone[target.id] = target.url
            case .failed, .hopeless: failed.insert(target.id)
            case .skipped, .postponed: break
            }
        }
        failed.subtract(taken)
        let failing = try await webhooks.note(
            taken: Array(taken), failed: Array(failed), failingBefore: now - Self.patience, at: now, in: tx)
        if !gone.isEmpty { try await end(gone, because: .gone, at: now, in: tx) }
        if !failing.isEmpty { try await end(failing, because: .failing, at: now, in: tx) }
    }

    /// Sends nothing more to them, including what is already waiting.
    ///
    /// - Parameter urls: Where each took nothing. One that has another URL by now goes on.
    private func end(
        _ urls: [WebhookID: String], because ending: WebhookEnding, at now: Timestamp, in tx: Transaction
    ) async throws {
        // First, as when events come in: its lock before those of lines.
        try await events.feed.lock(in: tx)
        for webhook in try await webhooks.disable(urls, because: ending, at: now, in: tx) {
            let line = LineID(webhook.id.uuid)
            try await lines.close(line, at: now, in: tx)
            try await clearing.schedule([line], in: tx)
            try await tellOwner(of: webhook, at: now, in: tx)
            logger.info(
                "webhook was disabled", metadata: ["webhook": "\(webhook.id)", "reason": "\(ending.rawValue)"])
        }
    }

    /// On every channel of the owner, whatever it subscribes to.
    private func tellOwner(of webhook: Webhook, at now: Timestamp, in tx: Transaction) async throws {
        let told = try await channels.activeLines(of: webhook.ownerID, in: tx)
        let envelope = EventEnvelope(
            id: .make(at: now), name: OwnEvent.webhookDisabled.rawValue, aggregate: EventAggregate(webhook.id.uuid),
            sequence: webhook.version, recipients: [webhook.ownerID],
            data: [
                "webhook_id": .string("\(webhook.id)"), "url": .string(webhook.url),
                "reason": webhook.ending.map { .string($0.rawValue) } ?? .null,
            ], at: now, requestID: nil)
        try await events.tell(told, of: ReceivedEvent(envelope), at: now, in: tx)
    }
}
