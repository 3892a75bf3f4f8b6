import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// An account's actions on its webhooks.
struct WebhookWorkflow: Sendable {
    /// Webhooks per account. Each event becomes one request per webhook.
    static let limit = 20
    /// How long a former secret signs beside the new one.
    static let overlap = Duration.hours(24)

    let database: Database
    let egress: EgressGuard
    let vault: SecretVault
    let clearing: LineClearing
    let webhooks = WebhookStore()
    let lines = LineStore()

    /// Registers a webhook. The answer is the only one that ever shows its secret.
    func create(
        _ draft: WebhookDraft, by caller: AccountID, at now: Timestamp
    ) async throws -> (webhook: Webhook, secret: WebhookSecret) {
        try check(url: draft.url)
        let webhook = Webhook(
            id: .make(at: now), ownerID: caller, url: draft.url, events: draft.events,
            retryPolicy: draft.retryPolicy, format: draft.format, disabledAt: nil, ending: nil, version: 1,
            createdAt: now)
        let secret = try draft.secret.map(checked(secret:)) ?? WebhookSecret()
        let sealed = try vault.seal(secret, of: webhook.id)
        try await database.transaction { tx in
            try await webhooks.lockList(of: caller, in: tx)
            guard try await webhooks.count(of: caller, in: tx) < Self.limit else {
                throw WebhookError.tooMany
            }
            try await webhooks.insert(webhook, sealedSecret: sealed, in: tx)
            try await lines.insert(LineID(webhook.id.uuid), of: caller, in: tx)
        }
        return (webhook, secret)
    }

    func page(of caller: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<Webhook> {
        try await webhooks.page(of: caller, after: cursor, limit: limit, in: database)
    }

    func find(_ id: WebhookID, by caller: AccountID) async throws -> Webhook {
        guard let webhook = try await webhooks.find(id, of: caller, in: database) else {
            throw WebhookError.notFound
        }
        return webhook
    }

    /// Changes a webhook. When it is enabled again, what still waits is sent.
    func update(
        _ id: WebhookID, _ input: WebhookUpdate, by caller: AccountID, expecting check: VersionCheck, at now: Timestamp
    ) async throws -> Webhook {
        if let url = input.url { try self.check(url: url) }
        return try await database.transaction { tx in
            let webhook = try await lock(id, by: caller, expecting: check, in: tx)
            var changed = webhook
            if let url = input.url { changed.url = url }
            if let events = input.events { changed.events = EventName.subscription(events) }
            if let policy = input.retryPolicy { changed.retryPolicy = policy }
            switch input.enabled {
            case true? where webhook.ending != nil: (changed.disabledAt, changed.ending) = (nil, nil)
            case false? where webhook.ending == nil: (changed.disabledAt, changed.ending) = (now, .owner)
            case true?, false?, nil: break
            }
            guard changed != webhook else { return webhook }
            changed.version += 1
            try await webhooks.save(changed, at: now, in: tx)
            let line = LineID(id.uuid)
            if webhook.ending != nil, changed.ending == nil {
                try await lines.open(line, at: now, in: tx)
            } else if webhook.ending == nil, changed.ending != nil {
                try await lines.close(line, at: now, in: tx)
                try await clearing.schedule([line], in: tx)
            }
            return changed
        }
    }

    /// Gives a webhook a new secret. The answer is the only one that ever shows it.
    func rotate(
        _ id: WebhookID, by caller: AccountID, expecting check: VersionCheck, at now: Timestamp
    ) async throws -> (webhook: Webhook, secret: WebhookSecret) {
        let secret = WebhookSecret()
        let sealed = try vault.seal(secret, of: id)
        let webhook = try await database.transaction { tx in
            var webhook = try await lock(id, by: caller, expecting: check, in: tx)
            webhook.version += 1
            try await webhooks.rotate(
                webhook, sealedSecret: sealed, formerUntil: now + Self.overlap, at: now, in: tx)
            return webhook
        }
        return (webhook, secret)
    }

    private func lock(
        _ id: WebhookID, by caller: AccountID, expecting check: VersionCheck, in tx: Transaction
    ) async throws -> Webhook {
        guard let webhook = try await webhooks.lock(id, of: caller, in: tx) else {
            throw WebhookError.notFound
        }
        try check(webhook.version)
        return webhook
    }

    /// Deletes a webhook and its pending deliveries.
    func delete(_ id: WebhookID, by caller: AccountID, expecting check: VersionCheck) async throws {
        try await database.transaction { tx in
            _ = try await lock(id, by: caller, expecting: check, in: tx)
            try await webhooks.delete(id, in: tx)
            try await clearing.remove([LineID(id.uuid)], in: tx)
        }
    }

    private func checked(secret text: String) throws -> WebhookSecret {
        guard let secret = WebhookSecret(text) else { throw WebhookError.unusableSecret }
        return secret
    }

    private func check(url: String) throws {
        guard url.utf8.count <= 2048 else {
            throw WebhookError.unusableURL(reason: "must have at most 2048 characters")
        }
        do {
            try egress.check(url: url)
        } catch .egressRefused(let reason) {
            throw WebhookError.unusableURL(reason: reason)
        } catch {
            throw WebhookError.unusableURL(reason: "must be an http or https URL in ASCII")
        }
    }
}

extension EventName {
    /// The events of a subscription: the standard ones when none are named (and an admin's cases), otherwise each named one
    /// once, in the order of the catalogue.
    static func subscription(_ names: [EventName]?, ofAdmin isAdmin: Bool = false) -> [EventName] {
        guard let names else { return allCases.filter { standard.contains($0) || isAdmin && $0 == .caseOpened } }
        return allCases.filter(names.contains)
    }
}
