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
        let (webhook, secret) = try await workflow.create(input, by: call.caller.accountID)
        call.tag(version: webhook.version)
        return CreatedWebhook(webhook.view, secret: secret.text.reveal())
    }

    private func list(_: NoInput, _ call: Call) async throws -> WebhookList {
        try await workflow.list(of: call.caller.accountID, limit: call.query(.limit), after: call.query(.cursor))
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), by: call.caller.accountID, check: call.check(version:))
        return NoOutput()
    }
}
