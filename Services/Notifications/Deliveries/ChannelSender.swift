import Mails
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
    let templates: NoticeTemplates
    let names: NameLookup
    /// Where messages lead their readers: the web client.
    let home: String
    let clock: any DomainClock

    /// For addresses that the operator of this server has set: they may lead anywhere.
    private static let trusted = OutboundPolicy.userSupplied(.open)

    func send(_ delivery: Delivery, to target: ChannelTarget, of reader: Reader) async -> AttemptResult {
        let message = await message(for: delivery, to: reader)
        do {
            switch target {
            case .telegram(let chatID): return try await telegram(message, chatID)
            case .slack(let url):
                return try await post(
                    ProviderMessage.slack(message), url, .userSupplied(egress), gone: [404, 410])
            case .discord(let url):
                return try await post(ProviderMessage.discord(message), url, .userSupplied(egress), gone: [401, 404])
            case .email(let address): return try await mail(message, address, delivery)
            }
        } catch {
            return AttemptResult(error)
        }
    }

    private func message(for delivery: Delivery, to reader: Reader) async -> MessageText {
        guard delivery.eventName == OwnEvent.channelCode.rawValue,
            // The body was written by us, so it is valid JSON.
            let round = (try? JSONValue.parse(delivery.body))?["data"]?["round"]?.integer
        else {
            let names = await names.find(MessageText.accounts(inBody: delivery.body, for: reader))
            return MessageText(
                event: delivery.eventName, body: delivery.body, for: reader, names: names, home: home)
        }
        let code = codes.code(for: ChannelID(delivery.lineID.uuid), round: Int32(truncatingIfNeeded: round))
        return MessageText(code: code, in: reader.language)
    }

    private func telegram(
        _ message: MessageText, _ chatID: String, mayFollow: Bool = true
    ) async throws -> AttemptResult {
        guard let token = settings.telegramToken else { return .skipped("this server has no Telegram bot") }
        let result = try await post(
            ProviderMessage.telegram(message, chat: chatID),
            "\(settings.telegramBase)/bot\(token.reveal())/sendMessage", Self.trusted, gone: [403],
            ours: [401, 404])
        guard result.verdict != .delivered else { return result }
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
        return result.with(.postponed(min(.seconds(seconds), RetrySchedule.longestRetryAfter)))
    }

    private func mail(_ message: MessageText, _ address: String, _ delivery: Delivery) async throws -> AttemptResult {
        let body =
            if let code = message.code {
                MailBody(code: code, message, templates, home: home)
            } else {
                MailBody(
                    message, templates, home: home, ending: links.url(for: ChannelID(delivery.lineID.uuid)))
            }
        let letter = MailSender.Letter(
            subject: message.subject, text: body.text, html: body.html,
            headers: body.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        let outcome = try await MailSender(settings.mail, http: http).send(
            letter, to: address, at: clock.now, idempotencyKey: "\(delivery.id)", deadline: WebhookSender.timeout)
        return switch outcome {
        case .taken: AttemptResult(verdict: .delivered)
        // An earlier attempt arrived, and said the same in other words: a name has changed since, or the language.
        case .answered(let response) where response.status == 409 && Self.isKnown(response.body):
            AttemptResult(verdict: .delivered, status: response.status)
        case .answered(let response):
            Self.paced(AttemptResult(response, at: clock.now) { Self.isHopeless($0, ours: [401, 403]) })
        case .unconfigured: .skipped("this server sends no mail")
        }
    }

    /// Resend, "Idempotency keys": the key was used with another mail.
    private static func isKnown(_ body: [UInt8]) -> Bool {
        // What is no JSON is another refusal.
        (try? JSONValue.parse(body))?["name"]?.string == "invalid_idempotent_request"
    }

    /// Posts `body`.
    ///
    /// - Parameters:
    ///   - gone: With these the provider says that the destination takes nothing more from us.
    ///   - ours: With these it says that the operator's credential is wrong.
    private func post(
        _ body: JSONValue, _ url: String, _ policy: OutboundPolicy, gone: Set<Int>, ours: Set<Int> = []
    ) async throws -> AttemptResult {
        var request = OutboundRequest.json(.post, url, body: body.bytes)
        request.deadline = WebhookSender.timeout
        request.maximumResponseBytes = AttemptResult.keptBytes
        let response = try await http.send(request, policy)
        let result = AttemptResult(response, at: clock.now) { Self.isHopeless($0, ours: ours) }
        return gone.contains(response.status) ? result.with(.gone) : Self.paced(result)
    }

    /// "Too many requests", in all providers' form but Telegram's: it says when to come back, and is no failure.
    private static func paced(_ result: AttemptResult) -> AttemptResult {
        guard result.status == 429 else { return result }
        return result.with(.postponed(max(result.pause ?? .zero, .seconds(1))))
    }

    /// Of the refusals, only "too many requests" and "timed out" may pass with time, and those of the operator's credential:
    /// no reader is to miss what happened until it is mended.
    private static func isHopeless(_ status: Int, ours: Set<Int>) -> Bool {
        (400..<500).contains(status) && status != 408 && status != 429 && !ours.contains(status)
    }
}

extension AttemptResult {
    fileprivate func with(_ verdict: Verdict) -> Self {
        Self(verdict: verdict, status: status, responseBody: responseBody, error: error)
    }

    fileprivate static func skipped(_ reason: String) -> Self { Self(verdict: .skipped, error: reason) }
}
