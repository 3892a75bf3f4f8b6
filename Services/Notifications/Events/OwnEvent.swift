import SharedModels

/// What this service itself tells a webhook or a channel. Nobody subscribes to it.
enum OwnEvent: String, CaseIterable {
    case webhookTest = "webhook.test"
    case webhookDisabled = "webhook.disabled"
    /// The code that confirms a channel.
    case channelCode = "channel.code"
    case channelDisabled = "channel.disabled"
    /// A notice that an account has added for itself, on Skillhouse.
    case noticeAdded = "notice.added"
}

extension Teller {
    func tell(_ event: OwnEvent) -> Told {
        switch event {
        case .noticeAdded: Told(data["message"]?.string ?? event.rawValue)
        case .channelCode: Told(say(texts.own.code))
        case .channelDisabled:
            Told(
                say(texts.own.channelDisabled, ["channel": data["channel_type"]?.string ?? "Guildhall"]),
                [say(texts.own.channelDisabledWhy)], step: say(texts.own.channelDisabledStep))
        case .webhookTest: Told(say(texts.own.webhookTest))
        case .webhookDisabled: webhookDisabled
        }
    }

    private var webhookDisabled: Told {
        let why =
            data["reason"]?.string == WebhookEnding.gone.rawValue
            ? say(texts.own.webhookGone)
            : say(
                texts.own.webhookDead,
                ["days": "\(WebhookEndings.patience.components.seconds / 86_400)"])
        let url = data["url"]?.string ?? say(texts.words.aWebhook)
        return Told(say(texts.own.webhookDisabled, ["url": url]), [why], step: say(texts.own.webhookStep))
    }
}
