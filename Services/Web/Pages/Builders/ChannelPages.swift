import Foundation
import GuildhallClient
import SharedModels

/// `/build`, `/channels` and `/events`: what is there for those who build, where notices go, and the events themselves.
struct ChannelPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/build", hub)
        site.get("/channels") { try await list($0, nil) }
        site.post("/channels", create)
        site.post("/channels/{id}/confirm", confirm)
        site.post("/channels/{id}/code", sendCode)
        site.post("/channels/{id}/delete", delete)
        site.get("/events", events)
    }

    @Sendable private func hub(_ visit: Visit) async throws -> WebAnswer {
        .page("build", "For those who build", ["server": visit.publicURL], place: "build")
    }

    private func list(_ visit: Visit, _ refused: Form?) async throws -> WebAnswer {
        let list = try await visit.api.call(Endpoints.notifications.listChannels, query: ["limit": "20"])
        let values: Values = [
            "isEmpty": list.notifications.isEmpty, "channels": list.notifications.map { card(of: $0, visit) },
            "form": (refused ?? Self.form).values(visit),
        ]
        return .page("channels", "Channels", values, status: refused == nil ? 200 : 422, place: "build")
    }

    private func card(of channel: ChannelView, _ visit: Visit) -> Values {
        let path = "/channels/\(channel.id)"
        let target = channel.config.chatID ?? channel.config.webhookURL ?? channel.config.address ?? ""
        let isConfirmed = channel.confirmedAt != nil
        var values: Values = [
            "kind": channel.channelType.rawValue.capitalized, "target": target,
            "state": channel.disabledAt != nil
                ? Status.values("Disabled", .bad)
                : isConfirmed ? Status.values("Works", .good) : Status.values("To be confirmed", .waiting),
            "delete": visit.button("Remove", "\(path)/delete", style: "quiet"),
        ]
        if !isConfirmed || channel.disabledAt != nil {
            var form = Form(
                "\(path)/confirm", submit: "Confirm",
                [Field(.text, "code-\(channel.id)", "The code that was sent").with { $0.isRequired = true }])
            form.back = "/channels"
            values["confirm"] = form.values(visit)
            values["again"] = visit.button("Send another code", "\(path)/code", style: "quiet")
        }
        return values
    }

    private static var form: Form {
        Form(
            "/channels", submit: "Add the channel",
            [
                Field(.choice, "kind", "Where").with {
                    $0.member = "channel_type"
                    $0.isRequired = true
                    $0.value = "email"
                    $0.options = [
                        ("email", "by e-mail"), ("telegram", "on Telegram"), ("slack", "on Slack"),
                        ("discord", "on Discord"),
                    ]
                },
                Field(.text, "target", "Address").with {
                    $0.member = "config"
                    $0.isRequired = true
                    $0.hint = "A mail address, the id of a Telegram chat, or the webhook of a Slack or Discord channel."
                },
            ])
    }

    @Sendable private func create(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.form, again: { try await list(visit, $0) }) {
            let (kind, target) = (visit.fields.text("kind") ?? "", visit.fields.text("target") ?? "")
            let names = ["email": "address", "telegram": "chat_id"]
            let body: JSONValue = [
                "channel_type": .string(kind),
                "config": .object([JSONMember(names[kind] ?? "webhook_url", .string(target))]),
            ]
            _ = try await visit.api.call(Endpoints.notifications.createChannel, body, idempotencyKey: visit.once)
            return .see("/channels", .done("The channel is added. It may have been sent a code."))
        }
    }

    @Sendable private func confirm(_ visit: Visit) async throws -> WebAnswer {
        let code = visit.fields.text("code-\(visit.part("id"))") ?? ""
        _ = try await visit.api.call(
            Endpoints.notifications.confirmChannel, ["code": .string(code)], path: visit.parts,
            idempotencyKey: visit.once)
        return .see("/channels", .done("The channel is confirmed."))
    }

    @Sendable private func sendCode(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.notifications.sendChannelCode, path: visit.parts, idempotencyKey: visit.once)
        return .see("/channels", .done("Another code is on its way."))
    }

    @Sendable private func delete(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.notifications.deleteChannel, path: visit.parts, idempotencyKey: visit.once)
        return .see("/channels", .done("The channel is removed."))
    }

    @Sendable private func events(_ visit: Visit) async throws -> WebAnswer {
        let feed = try await visit.api.call(
            Endpoints.feed.list, query: visit.queries("after").merging(["order": "newest", "limit": "25"]) { $1 })
        var values: Values = [
            "isEmpty": feed.events.isEmpty,
            "events": feed.events.map {
                [
                    "event": $0.event, "id": "\($0.id)", "at": visit.display.time($0.timestamp),
                    "data": String(decoding: $0.data.bytes, as: UTF8.self).fitting(600),
                ] as Values
            },
        ]
        values["more"] = feed.nextCursor.map { ["address": visit.address(with: ["after": $0])] as Values }
        return .page("events", "Events", values, place: "build")
    }
}
