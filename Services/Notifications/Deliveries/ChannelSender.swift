import OutboundHTTP
import ServiceKit
import SharedModels

/// Sends a person a message about an event, on the channel of their choice.
struct ChannelSender: Sendable {
    let http: OutboundHTTP
    let egress: EgressGuard
    let settings: NotificationsSettings
    let codes: ChannelCodes
    let links: UnsubscribeLinks
    /// Where mails lead their readers: the web client.
    let clientURL: String
    let clock: any DomainClock

    /// For addresses that the operator of this server has set: they may lead anywhere.
    private static let trusted = OutboundPolicy.userSupplied(.open)

    func send(_ delivery: Delivery, to target: ChannelTarget) async -> AttemptResult {
        let message = message(for: delivery)
        do {
            switch target {
            case .telegram(let chatID): return try await telegram(message, chatID)
            case .slack(let url):
                return try await post(
                    [
                        "text": .string(InertText.slack(message.text)), "mrkdwn": false, "parse": "none",
                        "link_names": false, "unfurl_links": false, "unfurl_media": false,
                    ], url, .userSupplied(egress), gone: [404, 410])
            case .discord(let url):
                return try await post(
                    // 4: shows no preview of what is linked.
                    [
                        "content": .string(InertText.discord(message.text)), "allowed_mentions": ["parse": []],
                        "flags": 4,
                    ], url, .userSupplied(egress), gone: [404])
            case .email(let address): return try await mail(message, address, delivery)
            }
        } catch {
            return AttemptResult(error)
        }
    }

    private func message(for delivery: Delivery) -> MessageText {
        guard delivery.eventName == OwnEvent.channelCode.rawValue,
            // The body was written by us, so it is valid JSON.
            let round = (try? JSONValue.parse(delivery.body))?["data"]?["round"]?.integer
        else { return MessageText(delivery) }
        return MessageText(
            code: codes.code(for: ChannelID(delivery.endpointID.uuid), round: Int32(truncatingIfNeeded: round)))
    }

    private func telegram(
        _ message: MessageText, _ chatID: String, mayFollow: Bool = true
    ) async throws -> AttemptResult {
        guard let token = settings.telegramToken else { return .skipped("this server has no Telegram bot") }
        let result = try await post(
            [
                "chat_id": .string(chatID), "text": .string(InertText.telegram(message.text)),
                "link_preview_options": ["is_disabled": true],
            ],
            "\(settings.telegramBase)/bot\(token.reveal())/sendMessage", Self.trusted, gone: [403])
        // Telegram, "ResponseParameters".
        let parameters = (try? JSONValue.parse(Array(result.responseBody.utf8)))?["parameters"]
        if mayFollow, let chat = parameters?["migrate_to_chat_id"]?.integer {
            var followed = try await telegram(message, "\(chat)", mayFollow: false)
            followed.movedTo = "\(chat)"
            return followed
        }
        guard result.status == 429, let seconds = parameters?["retry_after"]?.integer, seconds > 0 else {
            return result
        }
        return AttemptResult(
            verdict: .failed(retryAfter: .seconds(seconds)), status: 429, responseBody: result.responseBody,
            error: result.error)
    }

    private func mail(_ message: MessageText, _ address: String, _ delivery: Delivery) async throws -> AttemptResult {
        let body =
            delivery.eventName == OwnEvent.channelCode.rawValue
            ? MailBody(code: message)
            : MailBody(message, home: clientURL, ending: links.url(for: ChannelID(delivery.endpointID.uuid)))
        let letter = MailSender.Letter(
            subject: message.subject, text: body.text, html: body.html,
            headers: body.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let outcome = try await MailSender(settings.mail, http: http).send(
            letter, to: address, at: clock.now, idempotencyKey: "\(delivery.id)", deadline: WebhookSender.timeout)
        return switch outcome {
        case .taken: AttemptResult(verdict: .delivered)
        case .answered(let response): AttemptResult(response, at: clock.now, isHopeless: Self.isHopeless)
        case .unconfigured: .skipped("this server sends no mail")
        }
    }

    /// Posts `body`.
    ///
    /// - Parameter gone: With these the provider says that the destination takes nothing more from us.
    private func post(
        _ body: JSONValue, _ url: String, _ policy: OutboundPolicy, gone: Set<Int> = []
    ) async throws -> AttemptResult {
        var request = OutboundRequest.json(.post, url, body: body.bytes)
        request.deadline = WebhookSender.timeout
        request.maximumResponseBytes = AttemptResult.keptBytes
        let response = try await http.send(request, policy)
        let result = AttemptResult(response, at: clock.now, isHopeless: Self.isHopeless)
        guard gone.contains(response.status) else { return result }
        return AttemptResult(
            verdict: .gone, status: result.status, responseBody: result.responseBody, error: result.error)
    }

    /// Of the refusals, only "too many requests" and "timed out" may pass with time.
    private static func isHopeless(_ status: Int) -> Bool {
        (400..<500).contains(status) && status != 408 && status != 429
    }
}

extension AttemptResult {
    fileprivate static func skipped(_ reason: String) -> Self { Self(verdict: .skipped, error: reason) }
}
