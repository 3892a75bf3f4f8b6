import SharedModels

/// A channel on which a person receives messages.
struct Channel: Sendable, Equatable {
    let id: ChannelID
    let ownerID: AccountID
    let target: ChannelTarget
    let enabledEvents: [EventName]
    /// When its owner repeated the code. Before, it gets nothing else.
    var confirmedAt: Timestamp?
    /// When it refused for good.
    var disabledAt: Timestamp?
    var code = CodeState()
    var version: Int64
    let createdAt: Timestamp

    /// Whether there is nothing to confirm.
    var isActive: Bool { confirmedAt != nil && disabledAt == nil }
}

/// What is known of the code that was sent to a channel last. The code itself is not stored: see ``ChannelCodes``.
struct CodeState: Sendable, Equatable {
    /// 0: none was sent.
    var round: Int32 = 0
    var until: Timestamp?
    var guesses: Int32 = 0
}

/// The destination: `channel_type` and `config` together.
enum ChannelTarget: Sendable, Equatable {
    case telegram(chatID: String)
    case slack(webhookURL: String)
    case discord(webhookURL: String)
    case email(address: String)

    /// - Returns: `nil` when the member that the type needs is missing.
    init?(_ type: ChannelType, _ config: ChannelConfig) {
        switch (type, config.chatID, config.webhookURL, config.address) {
        case (.telegram, let chatID?, _, _): self = .telegram(chatID: chatID)
        case (.slack, _, let url?, _): self = .slack(webhookURL: url)
        case (.discord, _, let url?, _): self = .discord(webhookURL: url)
        case (.email, _, _, let address?): self = .email(address: address)
        case (.telegram, nil, _, _), (.slack, _, nil, _), (.discord, _, nil, _), (.email, _, _, nil): return nil
        }
    }

    var type: ChannelType {
        switch self {
        case .telegram: .telegram
        case .slack: .slack
        case .discord: .discord
        case .email: .email
        }
    }

    var config: ChannelConfig {
        switch self {
        case .telegram(let chatID): ChannelConfig(chatID: chatID)
        case .slack(let url), .discord(let url): ChannelConfig(webhookURL: url)
        case .email(let address): ChannelConfig(address: address)
        }
    }
}
