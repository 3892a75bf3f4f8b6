import SharedModels

/// What this service itself tells a webhook or a channel. Nobody subscribes to it.
enum OwnEvent: String {
    case webhookTest = "webhook.test"
    case webhookDisabled = "webhook.disabled"
    /// The code that confirms a channel.
    case channelCode = "channel.code"
    case channelDisabled = "channel.disabled"

    /// What people read in their channels.
    func text(_ data: JSONValue) -> EventText {
        let url = data["url"]?.string ?? "a webhook"
        switch self {
        case .channelCode: return EventText("Your code for Guildhall")
        case .channelDisabled:
            let type = data["channel_type"]?.string ?? "notification"
            return EventText(
                "Your \(type) channel was disabled",
                "It refused our messages for good. Have it sent a code to enable it again, or delete it.")
        case .webhookTest: return EventText("This is a test")
        case .webhookDisabled:
            let why =
                data["reason"]?.string == WebhookEnding.gone.rawValue
                ? "Its receiver answered that it is gone (410)."
                : "It has taken nothing for \(WebhookEndings.patience.components.seconds / 86_400) days."
            return EventText("Your webhook \(url) was disabled", "\(why) You can enable it again.")
        }
    }
}
