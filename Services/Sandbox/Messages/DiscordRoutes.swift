import ServiceKit
import SharedModels

/// Discord's incoming webhooks (https://discord.com/developers/docs/resources/webhook#execute-webhook): any
/// path below `/discord`.
struct DiscordRoutes: Sendable {
    /// Discord's limit, in code points.
    private static let longestContent = 2000

    let desk: MessageDesk

    func register(on routes: RawRoutes) {
        routes.on(.post, "/discord/**") { request in
            try await desk.faults.pass(request, to: .discord, refusals: Self.refusals) {
                try await take(request)
            }
        }
    }

    private func take(_ request: RawRequest) async throws -> Answer {
        guard let payload = MessageDesk.object(request.body) else {
            return Self.refusal(400, 50_109, "The request body contains invalid JSON.")
        }
        let content = payload["content"]?.string ?? ""
        let hasEmbeds = payload["embeds"]?.array?.isEmpty == false
        guard !content.isEmpty || hasEmbeds else {
            return Self.refusal(400, 50_006, "Cannot send an empty message")
        }
        guard content.unicodeScalars.count <= Self.longestContent else {
            return Self.refusal(400, 50_035, "Invalid Form Body: content must be 2000 or fewer in length.")
        }
        if let wait = desk.pace.take("discord:\(request.path)", MessagePace.discordWebhook) {
            return Self.tooMany(wait)
        }
        let text = content.isEmpty ? Self.text(ofEmbeds: payload) : content
        let number = try await desk.keep(.discord, to: request.path, text: text, payload: payload)
        let wantsMessage = FormData.pairs(request.rawQuery.utf8).contains {
            $0.name == "wait" && $0.value == "true"
        }
        guard wantsMessage else { return Answer(status: 204) }
        return .json([
            "id": .string("\(number)"), "type": 0, "content": .string(content),
            "timestamp": .string("\(desk.clock.now)"),
        ])
    }

    private static func text(ofEmbeds payload: JSONValue) -> String {
        (payload["embeds"]?.array ?? []).compactMap { $0["description"]?.string ?? $0["title"]?.string }
            .joined(separator: "\n")
    }

    /// Discord, "Rate Limits": the wait in seconds with decimals in the body, in whole seconds in the header.
    private static func tooMany(_ wait: Duration) -> Answer {
        let milliseconds = max(1, wait.wholeMilliseconds)
        let decimals = String(1000 + milliseconds % 1000).dropFirst()
        var answer = Answer.json(
            [
                "message": "You are being rate limited.",
                "retry_after": .decimal("\(milliseconds / 1000).\(decimals)"), "global": false,
            ], status: 429)
        answer.headers.append(("Retry-After", "\(wait.retrySeconds)"))
        return answer
    }

    private static func refusal(_ status: Int, _ code: Int64, _ message: String) -> Answer {
        .json(["message": .string(message), "code": .integer(code)], status: status)
    }

    private static let refusals = ProviderRefusals(
        error: refusal(500, 0, "500: Internal Server Error"),
        rateLimit: tooMany(.seconds(1)),
        decline: refusal(404, 10_015, "Unknown Webhook"))
}
