import ServiceKit
import SharedModels

/// Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks): any
/// path below `/slack`.
struct SlackRoutes: Sendable {
    let desk: MessageDesk

    func register(on routes: RawRoutes) {
        routes.on(.post, "/slack/**") { request in
            try await desk.faults.pass(request, to: .slack, refusals: Self.refusals) {
                try await take(request)
            }
        }
    }

    private func take(_ request: RawRequest) async throws -> Answer {
        guard let payload = Self.payload(request) else { return .text("invalid_payload", status: 400) }
        let text = payload["text"]?.string ?? ""
        let hasBlocks =
            payload["blocks"]?.array?.isEmpty == false || payload["attachments"]?.array?.isEmpty == false
        guard !text.isEmpty || hasBlocks else { return .text("no_text", status: 400) }
        if let fault = SlackLimits.fault(in: payload) { return .text(fault, status: 400) }
        if let wait = desk.pace.take("slack:\(request.path)", MessagePace.slackWebhook) { return Self.tooMany(wait) }
        _ = try await desk.keep(.slack, to: request.path, text: text, payload: payload)
        return .text("ok")
    }

    private static func tooMany(_ wait: Duration) -> Answer {
        var answer = Answer.text("rate_limited", status: 429)
        answer.headers.append(("Retry-After", "\(wait.retrySeconds)"))
        return answer
    }

    /// The body, or the form field `payload`.
    private static func payload(_ request: RawRequest) -> JSONValue? {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            return MessageDesk.object(request.body)
        }
        return FormData.pairs(request.body).first { $0.name == "payload" }.flatMap {
            MessageDesk.object(Array($0.value.utf8))
        }
    }

    private static let refusals = ProviderRefusals(
        error: .text("server_error", status: 500),
        rateLimit: tooMany(.seconds(1)),
        decline: .text("no_service", status: 404))
}
