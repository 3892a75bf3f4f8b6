import GuildhallClient
import SharedModels

/// `/webhooks`: where events go, what became of each, and once more.
struct WebhookPages: PageGroup {
    /// So many attempts of each delivery are shown among the others.
    private static let shownAttempts = 6

    func register(on site: inout SiteMap) {
        site.get("/webhooks", list)
        site.get("/webhooks/new") { page($0, Self.form("/webhooks/new", "Register", nil), "Register a webhook") }
        site.post("/webhooks/new", create)
        site.get("/webhooks/{id}", show)
        site.get("/webhooks/{id}/edit", edit)
        site.post("/webhooks/{id}/edit", change)
        site.post("/webhooks/{id}/test", test)
        site.post("/webhooks/{id}/rotate", rotate)
        site.post("/webhooks/{id}/enable") { try await set($0, true) }
        site.post("/webhooks/{id}/disable") { try await set($0, false) }
        site.post("/webhooks/{id}/delete", delete)
        site.post("/webhooks/{id}/deliveries/{deliveryId}/replay", replay)
    }

    @Sendable private func list(_ visit: Visit) async throws -> WebAnswer {
        let list = try await visit.api.call(
            Endpoints.notifications.listWebhooks, query: visit.queries("cursor").merging(["limit": "20"]) { $1 })
        var values: Values = [
            "isEmpty": list.webhooks.isEmpty,
            "webhooks": list.webhooks.map {
                [
                    "url": $0.url, "address": "/webhooks/\($0.id)", "state": Self.state($0), "events": $0.events.count,
                    "made": visit.display.time($0.createdAt),
                ] as Values
            },
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("webhooks", "Webhooks", values, place: "build")
    }

    private static func state(_ webhook: WebhookView) -> Values {
        switch webhook.disabledReason {
        case .gone?: Status.values("Gone (410)", .bad)
        case .failing?: Status.values("Disabled: it kept failing", .bad)
        case .owner?: Status.values("Disabled by you", .calm)
        case nil: webhook.disabledAt == nil ? Status.values("Works", .good) : Status.values("Disabled", .calm)
        }
    }

    private static func form(_ action: String, _ submit: String, _ webhook: WebhookView?) -> Form {
        Form(
            action, submit: submit,
            [
                Field(.url, "url", "Address").with {
                    $0.isRequired = true
                    $0.value = webhook?.url ?? ""
                    $0.hint = "https://…, reachable from here."
                },
                Field(.many, "events", "Events").with {
                    $0.options = EventName.allCases.map { ($0.rawValue, $0.rawValue) }
                    $0.chosen = (webhook?.events ?? EventName.standard).map(\.rawValue)
                },
                Field(.choice, "retry", "When it does not answer").with {
                    $0.member = "retry_policy"
                    $0.isRequired = true
                    $0.value = webhook?.retryPolicy.rawValue ?? RetryPolicy.standard.rawValue
                    $0.options = [
                        ("standard", "five more attempts within a minute"), ("durable", "attempts for 72 hours"),
                    ]
                },
            ])
    }

    private func page(_ visit: Visit, _ form: Form, _ title: String) -> WebAnswer {
        visit.formPage(title, form, back: ("/webhooks", "Webhooks"), place: "build")
    }

    private func body(_ visit: Visit) -> JSONValue {
        [
            "url": .string(visit.fields.text("url") ?? ""),
            "events": .array(visit.fields.all("events").map { .string($0) }),
            "retry_policy": .string(visit.fields.text("retry") ?? ""),
        ]
    }

    @Sendable private func create(_ visit: Visit) async throws -> WebAnswer {
        let form = Self.form("/webhooks/new", "Register", nil)
        return try await visit.submit(form, again: { page(visit, $0, "Register a webhook") }) {
            let webhook = try await visit.api.call(
                Endpoints.notifications.createWebhook, body(visit), idempotencyKey: visit.once)
            return shown(webhook)
        }
    }

    private func shown(_ webhook: CreatedWebhook) -> WebAnswer {
        .page(
            "secret", "The webhook's secret",
            [
                "secret": webhook.secret, "backTo": "/webhooks/\(webhook.id)", "backLabel": "The webhook",
                "how": "Check the header “webhook-signature” of each request with it (Standard Webhooks).",
            ], place: "build")
    }

    @Sendable private func edit(_ visit: Visit) async throws -> WebAnswer {
        let webhook = try await visit.api.call(Endpoints.notifications.getWebhook, path: visit.parts)
        return page(visit, Self.form("/webhooks/\(webhook.id)/edit", "Save", webhook), "Change the webhook")
    }

    @Sendable private func change(_ visit: Visit) async throws -> WebAnswer {
        let path = "/webhooks/\(visit.part("id").percentEncoded)"
        let form = Self.form("\(path)/edit", "Save", nil)
        return try await visit.submit(form, again: { page(visit, $0, "Change the webhook") }) {
            _ = try await visit.api.call(
                Endpoints.notifications.updateWebhook, body(visit), path: visit.parts, idempotencyKey: visit.once)
            return .see(path, .done("The webhook is changed."))
        }
    }

    @Sendable private func show(_ visit: Visit) async throws -> WebAnswer {
        async let asked = visit.api.call(
            Endpoints.notifications.listDeliveries, path: visit.parts,
            query: visit.queries("cursor").merging(["limit": "10"]) { $1 })
        let webhook = try await visit.api.call(Endpoints.notifications.getWebhook, path: visit.parts)
        let list = try await asked
        let path = "/webhooks/\(webhook.id)"
        var values: Values = [
            "url": webhook.url, "state": Self.state(webhook), "events": webhook.events.map(\.rawValue),
            "edit": "\(path)/edit", "test": visit.button("Send a test event", "\(path)/test"),
            "rotate": visit.button("New secret", "\(path)/rotate", style: "quiet"),
            "delete": visit.button("Remove", "\(path)/delete", style: "danger"),
            "switch": webhook.disabledAt == nil
                ? visit.button("Disable", "\(path)/disable", style: "quiet") : visit.button("Enable", "\(path)/enable"),
            "isEmpty": list.deliveries.isEmpty, "deliveries": list.deliveries.map { card(of: $0, path, visit) },
        ]
        values["more"] = visit.more(list.nextCursor)
        return .page("webhook", "Webhook", values, place: "build")
    }

    private func card(of delivery: WebhookDeliveryView, _ path: String, _ visit: Visit) -> Values {
        let states: [DeliveryState: Values] = [
            .pending: Status.values("On its way", .going), .delivered: Status.values("Taken", .good),
            .failed: Status.values("Failed", .bad), .skipped: Status.values("Skipped", .calm),
        ]
        let isWhole = visit.query("whole") == "\(delivery.id)"
        let shown = isWhole ? delivery.attempts[...] : delivery.attempts.suffix(Self.shownAttempts)
        var values: Values = [
            "event": delivery.event, "at": visit.display.time(delivery.createdAt),
            "state": states[delivery.state] ?? [:],
            "attempts": shown.map { attempt in
                [
                    "at": visit.display.time(attempt.at), "took": visit.display.number(attempt.durationMs),
                    "answer": attempt.status.map { "\($0)" } ?? attempt.error ?? "no answer",
                    "said": isWhole ? attempt.responseBody : attempt.responseBody.fitting(160),
                ] as Values
            },
            "count": delivery.attempts.count, "isWhole": isWhole,
            "whole": visit.address(with: ["whole": "\(delivery.id)"]),
        ]
        values["next"] = delivery.state == .pending ? delivery.nextAttemptAt.map(visit.display.time) : nil
        if delivery.state != .pending {
            values["replay"] = visit.button("Send again", "\(path)/deliveries/\(delivery.id)/replay", style: "quiet")
        }
        return values
    }

    private func back(_ visit: Visit, _ words: String) -> WebAnswer {
        .see("/webhooks/\(visit.part("id").percentEncoded)", .done(words))
    }

    @Sendable private func test(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(Endpoints.notifications.testWebhook, path: visit.parts, idempotencyKey: visit.once)
        return back(visit, "A test event is on its way.")
    }

    @Sendable private func rotate(_ visit: Visit) async throws -> WebAnswer {
        shown(
            try await visit.api.call(
                Endpoints.notifications.rotateWebhook, path: visit.parts, idempotencyKey: visit.once))
    }

    private func set(_ visit: Visit, _ isOn: Bool) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.notifications.updateWebhook, ["enabled": .bool(isOn)], path: visit.parts,
            idempotencyKey: visit.once)
        return back(visit, isOn ? "The webhook is enabled." : "The webhook is disabled.")
    }

    @Sendable private func delete(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.notifications.deleteWebhook, path: visit.parts, idempotencyKey: visit.once)
        return .see("/webhooks", .done("The webhook is removed."))
    }

    @Sendable private func replay(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.notifications.replayDelivery, path: visit.parts, idempotencyKey: visit.once)
        return back(visit, "It is sent again.")
    }
}
