import OutboundHTTP
import ServiceKit
import SharedModels

/// Sends a person a message about an event, on the channel of their choice.
struct ChannelSender: Sendable {
    let http: OutboundHTTP
    let egress: EgressGuard
    let settings: NotificationsSettings
    let clock: any DomainClock

    /// For addresses that the operator of this server has set: they may lead anywhere.
    private static let trusted = OutboundPolicy.userSupplied(.open)

    func send(_ delivery: Delivery, to target: ChannelTarget) async -> AttemptResult {
        let message = MessageText(delivery)
        do {
            switch target {
            case .telegram(let chatID): return try await telegram(message, chatID)
            case .slack(let url): return try await post(["text": .string(message.text)], url, .userSupplied(egress))
            case .discord(let url):
                return try await post(
                    ["content": .string(message.text), "allowed_mentions": ["parse": []]], url, .userSupplied(egress))
            case .email(let address): return try await mail(message, address, delivery)
            }
        } catch {
            return AttemptResult(error)
        }
    }

    private func telegram(_ message: MessageText, _ chatID: String) async throws -> AttemptResult {
        guard let token = settings.telegramToken else { return .skipped("this server has no Telegram bot") }
        return try await post(
            ["chat_id": .string(chatID), "text": .string(message.text)],
            "\(settings.telegramBase)/bot\(token.reveal())/sendMessage", Self.trusted)
    }

    private func mail(_ message: MessageText, _ address: String, _ delivery: Delivery) async throws -> AttemptResult {
        if let smtp = settings.smtpURL {
            let mail = OutboundMail(
                from: settings.mailFrom, to: [.init(address)], subject: message.subject, text: message.text,
                date: clock.now, headers: [("Auto-Submitted", "auto-generated")])
            try await http.sendMail(mail, smtpURL: smtp.reveal(), deadline: WebhookSender.timeout)
            return AttemptResult(verdict: .delivered)
        }
        guard let key = settings.resendKey else { return .skipped("this server sends no mail") }
        let from = settings.mailFrom.name.map { "\($0) <\(settings.mailFrom.mailbox)>" } ?? settings.mailFrom.mailbox
        return try await post(
            [
                "from": .string(from), "to": [.string(address)], "subject": .string(message.subject),
                "text": .string(message.text),
            ],
            "\(settings.resendBase)/emails", Self.trusted,
            headers: [("Authorization", "Bearer \(key.reveal())")], idempotencyKey: "\(delivery.id)")
    }

    /// Posts `body`. Of the refusals, only "too many requests" and "timed out" may pass with time.
    private func post(
        _ body: JSONValue, _ url: String, _ policy: OutboundPolicy, headers: [(name: String, value: String)] = [],
        idempotencyKey: String? = nil
    ) async throws -> AttemptResult {
        var request = OutboundRequest.json(
            .post, url, headers: headers, body: body.bytes, idempotencyKey: idempotencyKey)
        request.deadline = WebhookSender.timeout
        request.maximumResponseBytes = AttemptResult.keptBytes
        let response = try await http.send(request, policy)
        return AttemptResult(response, at: clock.now) { (400..<500).contains($0) && $0 != 408 && $0 != 429 }
    }
}

extension AttemptResult {
    fileprivate static func skipped(_ reason: String) -> Self { Self(verdict: .skipped, error: reason) }
}
