import SharedModels

/// A message as each chat provider takes it. Nothing in it links or mentions anybody but our own link. Pure.
enum ProviderMessage {
    /// Telegram Bot API, `sendMessage`.
    static func telegram(_ message: MessageText, chat: String) -> JSONValue {
        [
            "chat_id": .string(chat), "text": .string(InertText.telegram(message.text, ending: ending(message))),
            "link_preview_options": ["is_disabled": true],
        ]
    }

    /// Slack's incoming webhooks. `plain_text` is never read as markup; `text` is what the phone's notifications show.
    static func slack(_ message: MessageText) -> JSONValue {
        var blocks: [JSONValue] = [
            ["type": "section", "text": plain(InertText.slack(message.text, atMost: 3000))]
        ]
        if let link = message.link {
            let open = InertText.slack(Texts.all.own.open[message.language])
            blocks.append(["type": "section", "text": ["type": "mrkdwn", "text": .string("<\(link)|\(open)>")]])
        }
        return [
            "text": .string(InertText.slack(message.text)), "blocks": .array(blocks), "mrkdwn": false, "parse": "none",
            "link_names": false, "unfurl_links": false, "unfurl_media": false,
        ]
    }

    private static func plain(_ text: String) -> JSONValue {
        ["type": "plain_text", "text": .string(text), "emoji": false]
    }

    /// Discord, `Execute Webhook`.
    static func discord(_ message: MessageText) -> JSONValue {
        [
            "content": .string(InertText.discord(message.text, ending: ending(message))),
            "allowed_mentions": ["parse": []],
            // 4: shows no preview of what is linked.
            "flags": 4,
        ]
    }

    private static func ending(_ message: MessageText) -> String { message.link.map { "\n\($0)" } ?? "" }
}
