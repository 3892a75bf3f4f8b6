import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// An account's actions on its webhooks.
struct WebhookWorkflow: Sendable {
    /// Webhooks per account. Each event becomes one request per webhook.
    static let limit = 20

    let database: Database
    let egress: EgressGuard
    let vault: SecretVault
    let webhooks = WebhookStore()

    /// Registers a webhook. The answer is the only one that ever shows its secret.
    func create(
        _ input: WebhookInput, by caller: AccountID, at now: Timestamp
    ) async throws -> (webhook: Webhook, secret: WebhookSecret) {
        try check(url: input.url)
        let webhook = Webhook(
            id: .make(at: now), ownerID: caller, url: input.url, events: EventName.subscription(input.events),
            retryPolicy: input.retryPolicy ?? .standard, disabledAt: nil, version: 1, createdAt: now)
        let secret = WebhookSecret()
        let sealed = try vault.seal(secret, of: webhook.id)
        try await database.transaction { tx in
            try await webhooks.lockList(of: caller, in: tx)
            guard try await webhooks.count(of: caller, in: tx) < Self.limit else {
                throw WebhookError.tooMany
            }
            try await webhooks.insert(webhook, sealedSecret: sealed, in: tx)
        }
        return (webhook, secret)
    }

    func page(of caller: AccountID, after cursor: PageCursor?, limit: Int) async throws -> Page<Webhook> {
        try await webhooks.page(of: caller, after: cursor, limit: limit, in: database)
    }

    /// Deletes a webhook and its pending deliveries.
    func delete(_ id: WebhookID, by caller: AccountID, expecting check: VersionCheck) async throws {
        try await database.transaction { tx in
            guard let webhook = try await webhooks.lock(id, of: caller, in: tx) else {
                throw WebhookError.notFound
            }
            try check(webhook.version)
            try await webhooks.delete(id, in: tx)
        }
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
    /// The events of a subscription: the standard ones when none are named, otherwise each named one once, in the order
    /// of the catalogue.
    static func subscription(_ names: [EventName]?) -> [EventName] {
        guard let names else { return standard }
        return allCases.filter(names.contains)
    }
}
