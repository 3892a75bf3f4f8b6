import ServiceKit
import SharedModels

/// `/api/webhooks`.
struct WebhookRoutes: Sendable {
    let workflow: WebhookWorkflow
    let deliveries: WebhookDeliveryWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.notifications.createWebhook, create)
        routes.handle(Endpoints.notifications.listWebhooks, list)
        routes.handle(Endpoints.notifications.deleteWebhook, delete)
        routes.handle(Endpoints.notifications.getWebhook, get)
        routes.handle(Endpoints.notifications.updateWebhook, update)
        routes.handle(Endpoints.notifications.rotateWebhook, rotate)
        routes.handle(Endpoints.notifications.testWebhook, test)
        routes.handle(Endpoints.notifications.listDeliveries, listDeliveries)
        routes.handle(Endpoints.notifications.replayDelivery, replay)
        routes.handle(Endpoints.notifications.replayDeliveries, replayMany)
    }

    private func get(_: NoInput, _ call: Call) async throws -> WebhookView {
        let webhook = try await workflow.find(call.path("id"), by: call.caller.accountID)
        call.tag(version: webhook.version)
        return webhook.view
    }

    private func update(_ input: WebhookUpdate, _ call: Call) async throws -> WebhookView {
        let webhook = try await workflow.update(
            call.path("id"), input, by: call.caller.accountID, expecting: call.check(version:), at: call.now)
        call.tag(version: webhook.version)
        return webhook.view
    }

    private func rotate(_: NoInput, _ call: Call) async throws -> CreatedWebhook {
        let (webhook, secret) = try await workflow.rotate(
            call.path("id"), by: call.caller.accountID, expecting: call.check(version:), at: call.now)
        call.tag(version: webhook.version)
        return CreatedWebhook(webhook.view, secret: secret.text.reveal())
    }

    private func test(_: NoInput, _ call: Call) async throws -> WebhookDeliveryView {
        try await deliveries.test(call.path("id"), by: call.caller.accountID, at: call.now).view
    }

    private func listDeliveries(_: NoInput, _ call: Call) async throws -> WebhookDeliveryList {
        let page = try await deliveries.page(
            of: call.path("id"), by: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return WebhookDeliveryList(deliveries: page.items.map(\.view), nextCursor: page.nextCursor)
    }

    private func replay(_: NoInput, _ call: Call) async throws -> WebhookDeliveryView {
        try await deliveries.replay(
            call.path("deliveryId"), of: call.path("id"), by: call.caller.accountID, at: call.now
        ).view
    }

    private func replayMany(_ input: ReplayInput, _ call: Call) async throws -> ReplayView {
        let range = ReplayRange(from: input.from, to: input.to, state: input.state ?? .failed)
        let replayed = try await deliveries.replay(
            range, of: call.path("id"), by: call.caller.accountID, at: call.now)
        return ReplayView(replayed: replayed.count, nextFrom: replayed.nextFrom)
    }

    private func create(_ input: WebhookInput, _ call: Call) async throws -> CreatedWebhook {
        let (webhook, secret) = try await workflow.create(
            WebhookDraft(input, ofAdmin: call.caller.isAdmin), by: call.caller.accountID, at: call.now)
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
            id: id, url: url, events: events, retryPolicy: retryPolicy, disabledAt: disabledAt,
            disabledReason: ending, createdAt: createdAt)
    }
}

extension WebhookDraft {
    init(_ input: WebhookInput, ofAdmin isAdmin: Bool = false) {
        self.init(
            url: input.url, events: EventName.subscription(input.events, ofAdmin: isAdmin),
            retryPolicy: input.retryPolicy ?? .standard,
            format: .clawConnected, secret: nil)
    }
}

extension WebhookDelivery {
    fileprivate var view: WebhookDeliveryView {
        WebhookDeliveryView(
            id: id, eventID: eventID, event: event, state: state, attempts: attempts.map(\.view),
            nextAttemptAt: nextAttemptAt, createdAt: createdAt, finishedAt: finishedAt)
    }
}
