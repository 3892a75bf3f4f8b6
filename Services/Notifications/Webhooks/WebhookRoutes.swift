import ServiceKit
import SharedModels

/// `/api/webhooks`.
struct WebhookRoutes: Sendable {
    let workflow: WebhookWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notifications.createWebhook, create)
        routes.handle(Endpoints.notifications.listWebhooks, list)
        routes.handle(Endpoints.notifications.deleteWebhook, delete)
    }

    private func create(_ input: WebhookInput, _ call: Call) async throws -> CreatedWebhook {
        let (webhook, secret) = try await workflow.create(input, by: call.caller.accountID, at: call.now)
        call.tag(version: webhook.version)
        return CreatedWebhook(webhook.view, secret: secret.text.reveal())
    }

    private func list(_: NoInput, _ call: Call) async throws -> WebhookList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return WebhookList(webhooks: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), by: call.caller.accountID, expecting: call.check(version:))
        return NoOutput()
    }
}

extension Webhook {
    fileprivate var view: WebhookView {
        WebhookView(
            id: id, url: url, events: events, retryPolicy: retryPolicy, disabledAt: disabledAt, createdAt: createdAt)
    }
}
