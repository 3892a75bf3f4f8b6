import Postgres
import ServiceKit
import SharedModels

/// What an owner does with the deliveries to a webhook.
struct WebhookDeliveryWorkflow: Sendable {
    /// The deliveries that one call replays.
    static let replayLimit = 1000

    let database: Database
    let wakeUp: EngineBell
    let webhooks = WebhookStore()
    let lines = LineStore()
    let events = EventStore()
    let deliveries = WebhookDeliveryStore()

    func page(
        of id: WebhookID, by caller: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> Page<WebhookDelivery> {
        guard try await webhooks.find(id, of: caller, in: database) != nil else {
            throw WebhookError.notFound
        }
        return try await deliveries.page(of: LineID(id.uuid), after: cursor, limit: limit, in: database)
    }

    /// Sends the webhook an event `webhook.test`, which nobody else gets.
    func test(_ id: WebhookID, by caller: AccountID, at now: Timestamp) async throws -> WebhookDelivery {
        try await changing(id, by: caller) { webhook, tx in
            let line = LineID(id.uuid)
            let envelope = EventEnvelope(
                id: .make(at: now), name: OwnEvent.webhookTest.rawValue, aggregate: .make(at: now), sequence: 1,
                recipients: [], data: ["webhook_id": .string(webhook.shownID)], at: now,
                requestID: RequestTrace.current?.requestID)
            let made = try await events.tell([line], of: ReceivedEvent(envelope), at: now, in: tx)
            guard let delivery = made.first, let told = try await deliveries.find(delivery, of: line, in: tx) else {
                throw WebhookDeliveryError.notFound
            }
            return told
        }
    }

    /// Sends a delivery that is over once more, with the same bytes and the same `webhook-id`.
    func replay(
        _ delivery: DeliveryID, of id: WebhookID, by caller: AccountID, at now: Timestamp
    ) async throws -> WebhookDelivery {
        try await changing(id, by: caller) { webhook, tx in
            let line = LineID(webhook.id.uuid)
            guard let found = try await deliveries.find(delivery, of: line, in: tx) else {
                throw WebhookDeliveryError.notFound
            }
            guard found.state != .pending, try await deliveries.replay(delivery, of: line, at: now, in: tx) else {
                throw WebhookDeliveryError.pending
            }
            try await lines.makeDue(line, at: now, in: tx)
            return try await deliveries.find(delivery, of: line, in: tx) ?? found
        }
    }

    /// Sends the deliveries of a time once more, the oldest first.
    func replay(
        _ range: ReplayRange, of id: WebhookID, by caller: AccountID, at now: Timestamp
    ) async throws -> Replayed {
        guard range.state != .pending else {
            throw WebhookDeliveryError.unusableReplay(member: "state", reason: "must be of a delivery that is over")
        }
        let end = range.to ?? now
        guard range.from < end else {
            throw WebhookDeliveryError.unusableReplay(member: "to", reason: "must be later than from")
        }
        return try await changing(id, by: caller) { webhook, tx in
            let line = LineID(webhook.id.uuid)
            let replayed = try await deliveries.replay(
                of: line, in: range.state, from: range.from, to: end, limit: Self.replayLimit, at: now, in: tx)
            try await lines.makeDue(line, at: now, in: tx)
            return replayed
        }
    }

    /// Runs `body` with the line of an enabled webhook locked.
    private func changing<Result: Sendable>(
        _ id: WebhookID, by caller: AccountID, _ body: (Webhook, Transaction) async throws -> Result
    ) async throws -> Result {
        let result = try await database.transaction { tx in
            guard let webhook = try await webhooks.lock(id, of: caller, in: tx) else {
                throw WebhookError.notFound
            }
            guard webhook.ending == nil else { throw WebhookDeliveryError.webhookDisabled }
            try await lines.lock(LineID(id.uuid), in: tx)
            return try await body(webhook, tx)
        }
        wakeUp.signal()
        return result
    }
}

extension Webhook {
    /// Its id in the form of the surface on which it was made.
    fileprivate var shownID: String {
        switch format {
        case .clawConnected: "\(id)"
        case .skillSync: id.prefixed
        }
    }
}
