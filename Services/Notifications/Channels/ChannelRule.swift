import OutboundHTTP
import SharedModels

/// Which configs are valid for which type of channel.
struct ChannelRule: Sendable {
    private static let slackHosts = ["hooks.slack.com", "hooks.slack-gov.com"]
    private static let discordHosts = ["discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"]

    let egress: EgressGuard
    /// In development URLs below this one are accepted as they are, and other URLs need not lead to Slack or Discord.
    let sandboxURL: String?

    /// - Throws: ``ChannelError/unusableConfig(_:)`` that names each missing, extra or wrong member.
    func target(_ type: ChannelType, _ config: ChannelConfig) throws -> ChannelTarget {
        let wanted = Self.member(of: type)
        let members = [("chat_id", config.chatID), ("webhook_url", config.webhookURL), ("address", config.address)]
        var issues: [InputIssue] = []
        for (name, value) in members {
            if name == wanted, value == nil {
                issues.append(
                    InputIssue(path: "config.\(name)", message: "is required for \(type.rawValue.withArticle) channel"))
            } else if name != wanted, value != nil {
                issues.append(
                    InputIssue(
                        path: "config.\(name)", message: "does not belong to \(type.rawValue.withArticle) channel"))
            }
        }
        if let target = ChannelTarget(type, config), let problem = problem(of: target) {
            issues.append(InputIssue(path: "config.\(wanted)", message: problem))
        } else if let target = ChannelTarget(type, config), issues.isEmpty {
            return Self.deliverable(target) ?? target
        }
        throw ChannelError.unusableConfig(issues)
    }

    private static func member(of type: ChannelType) -> String {
        switch type {
        case .telegram: "chat_id"
        case .slack, .discord: "webhook_url"
        case .email: "address"
        }
    }

    private func problem(of target: ChannelTarget) -> String? {
        switch target {
        case .telegram(let chatID):
            // In the sandbox every chat exists.
            sandboxURL != nil || Self.isChat(chatID) ? nil : "must be a number or @ and a channel's name"
        case .slack(let url): problem(of: url, hosts: Self.slackHosts)
        case .discord(let url): problem(of: url, hosts: Self.discordHosts)
        case .email: Self.deliverable(target) == nil ? "must be an address that mail can be delivered to" : nil
        }
    }

    /// A mail address as mail servers know it; `nil` when no mail can go there, or it is no mail address.
    private static func deliverable(_ target: ChannelTarget) -> ChannelTarget? {
        guard case .email(let address) = target else { return nil }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let domain = MailDomain.ascii(parts[1]) else { return nil }
        let name = parts[0].utf8
        // RFC 5321, section 4.1.2: a dot-string, at most 64 bytes.
        let hasGap = parts[0].split(separator: ".", omittingEmptySubsequences: false).contains { $0.isEmpty }
        let isASCII = name.allSatisfy(\.isVisibleASCII)
        guard isASCII, !hasGap, name.count <= 64, name.count + domain.utf8.count < 254 else { return nil }
        return .email(address: "\(parts[0])@\(domain)")
    }

    /// Telegram Bot API, `sendMessage`: "Unique identifier for the target chat or username of the target channel".
    private static func isChat(_ text: String) -> Bool {
        if text.utf8.first == UInt8(ascii: "@") {
            return text.utf8.count > 1 && text.utf8.dropFirst().allSatisfy(isNameCharacter)
        }
        return Int64(text) != nil
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
    }

    private func problem(of url: String, hosts: [String]) -> String? {
        let bytes = url.utf8
        if let sandboxURL, bytes.starts(with: "\(sandboxURL)/".utf8) { return nil }
        guard bytes.starts(with: "https://".utf8) else { return "must be an https URL" }
        guard bytes.count <= 2048 else { return "must have at most 2048 characters" }
        if sandboxURL == nil, !hosts.contains(where: { bytes.starts(with: "https://\($0)/".utf8) }) {
            return "must be an incoming webhook at \(hosts[0])"
        }
        do {
            try egress.check(url: url)
            return nil
        } catch .egressRefused(let reason) {
            return "cannot be used: \(reason)"
        } catch {
            return "must be an https URL in ASCII"
        }
    }
}
