import ServiceKit
import SharedModels

/// `/v1/webhooks`.
struct SkillSyncWebhookRoutes: Sendable {
    let workflow: WebhookWorkflow
    let deliveries: WebhookDeliveryWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.skillSyncWebhooks.create, create)
        routes.handle(Endpoints.skillSyncWebhooks.list, list)
        routes.handle(Endpoints.skillSyncWebhooks.delete, delete)
        routes.handle(Endpoints.skillSyncWebhooks.test, test)
        routes.handle(Endpoints.skillSyncWebhooks.deliveries, listDeliveries)
    }

    private func create(_ input: SkillSyncWebhookInput, _ call: Call) async throws -> CreatedSkillSyncWebhook {
        let (webhook, secret) = try await workflow.create(
            WebhookDraft(input), by: call.caller.accountID, at: call.now)
        call.tag(version: webhook.version)
        return CreatedSkillSyncWebhook(webhook.skillSyncView, secret: secret.text.reveal())
    }

    private func list(_: NoInput, _ call: Call) async throws -> SkillSyncWebhookList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return SkillSyncWebhookList(webhooks: page.items.map(\.skillSyncView), nextCursor: page.nextCursor)
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        return NoOutput()
    }

    private func test(_: NoInput, _ call: Call) async throws -> SkillSyncDeliveryView {
        try await deliveries.test(call.path("id"), by: call.caller.accountID, at: call.now).skillSyncView
    }

    private func listDeliveries(_: NoInput, _ call: Call) async throws -> SkillSyncDeliveryList {
        let page = try await deliveries.page(
            of: call.path("id"), by: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return SkillSyncDeliveryList(deliveries: page.items.map(\.skillSyncView), nextCursor: page.nextCursor)
    }
}

extension WebhookDraft {
    init(_ input: SkillSyncWebhookInput) {
        self.init(
            url: input.url, events: EventName.subscription(input.events ?? EventName.ofSkillSync),
            retryPolicy: input.retryPolicy ?? .standard, format: .skillSync, secret: input.secret)
    }
}

extension Webhook {
    fileprivate var skillSyncView: SkillSyncWebhookView {
        SkillSyncWebhookView(
            id: PrefixedID(id), url: url, events: events, retryPolicy: retryPolicy, disabledAt: disabledAt,
            disabledReason: ending, createdAt: createdAt)
    }
}

extension WebhookDelivery {
    fileprivate var skillSyncView: SkillSyncDeliveryView {
        SkillSyncDeliveryView(
            id: PrefixedID(id), eventID: PrefixedID(eventID), event: event, status: state,
            attempts: attempts.map(\.view), nextAttemptAt: nextAttemptAt, createdAt: createdAt,
            finishedAt: finishedAt)
    }
}
