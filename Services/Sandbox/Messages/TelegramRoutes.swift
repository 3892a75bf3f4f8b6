import ServiceKit
import SharedModels

/// Telegram's Bot API (https://core.telegram.org/bots/api), `sendMessage` and `getMe`.
struct TelegramRoutes: Sendable {
    /// Telegram's limit, in UTF-16 units after parsing.
    private static let longestText = 4096

    let desk: MessageDesk
    /// The only existing bot; `nil` when every token belongs to one.
    let token: Secret?

    func register(on routes: RawRoutes) {
        for method in [SharedModels.Method.get, .post] {
            routes.on(method, "/telegram/{bot}/{call}", respond)
        }
    }

    private func respond(_ request: RawRequest) async throws -> Answer {
        let bot = request.pathParameters["bot"] ?? ""
        guard bot.hasPrefix("bot"), bot.count > 3 else { return Self.refusal(404, "Not Found") }
        if let token, token != Secret(String(bot.dropFirst(3))) { return Self.refusal(401, "Unauthorized") }
        switch request.pathParameters["call"]?.lowercased() {
        case "sendmessage":
            return try await desk.faults.pass(request, to: .telegram, refusals: Self.refusals) {
                try await send(request)
            }
        case "getme": return Self.success(Self.me)
        default: return Self.refusal(404, "Not Found: method not found")
        }
    }

    private func send(_ request: RawRequest) async throws -> Answer {
        guard let input = Self.input(request) else {
            return Self.refusal(400, "Bad Request: can't parse the request")
        }
        guard let chat = Chat(input["chat_id"]) else {
            return Self.refusal(400, "Bad Request: chat_id is empty")
        }
        guard let text = input["text"]?.string, !text.allSatisfy(\.isWhitespace) else {
            return Self.refusal(400, "Bad Request: message text is empty")
        }
        guard text.utf16.count <= Self.longestText else {
            return Self.refusal(400, "Bad Request: message is too long")
        }
        let wait =
            desk.pace.take("telegram:\(chat.name)", MessagePace.telegramChat)
            ?? desk.pace.take("telegram", MessagePace.telegram)
        if let wait { return Self.tooMany(wait) }
        let number = try await desk.keep(.telegram, to: chat.name, text: text, payload: input)
        return Self.success([
            "message_id": .integer(number), "from": Self.me, "chat": chat.json,
            "date": JSONValue(unix: desk.clock.now),
            "text": .string(text),
        ])
    }

    /// JSON, a form, or the query. Telegram accepts all three.
    private static func input(_ request: RawRequest) -> JSONValue? {
        if request.mediaType == "application/json" {
            return MessageDesk.object(request.body)
        }
        let pairs = FormData.pairs(request.rawQuery.utf8) + FormData.pairs(request.body)
        return JSONValue.object([]).merging(pairs.map { JSONMember($0.name, .string($0.value)) })
    }

    private static let me: JSONValue = [
        "id": 7_000_000_001, "is_bot": true, "first_name": "Guildhall", "username": "guildhall_sandbox_bot",
    ]

    private static func success(_ result: JSONValue) -> Answer {
        .json(["ok": true, "result": result])
    }

    private static func refusal(_ status: Int, _ description: String, _ parameters: JSONValue? = nil)
        -> Answer
    {
        let body: JSONValue = [
            "ok": false, "error_code": .integer(Int64(status)), "description": .string(description),
        ]
        return .json(parameters.map { body.setting("parameters", $0) } ?? body, status: status)
    }

    private static func tooMany(_ wait: Duration) -> Answer {
        var answer = refusal(
            429, "Too Many Requests: retry after \(wait.retrySeconds)", ["retry_after": .integer(wait.retrySeconds)])
        answer.headers.append(("Retry-After", "\(wait.retrySeconds)"))
        return answer
    }

    private static let refusals = ProviderRefusals(
        error: refusal(500, "Internal Server Error"), rateLimit: tooMany(.seconds(1)),
        decline: refusal(403, "Forbidden: bot was blocked by the user"))
}

/// The recipient of a Telegram message: a number, or `@channel`.
private struct Chat {
    let name: String
    let json: JSONValue

    init?(_ value: JSONValue?) {
        switch value {
        case .integer(let number): self.init("\(number)")
        case .string(let text): self.init(text)
        default: return nil
        }
    }

    private init?(_ text: String) {
        name = text
        if let number = Int64(text) {
            json = ["id": .integer(number), "type": number < 0 ? "group" : "private"]
        } else if text.hasPrefix("@"), text.count > 1 {
            json = [
                "id": .integer(-1_000_000_000_000 - Int64(StableHash.of(text) % 1_000_000_000)),
                "type": "channel",
                "username": .string(String(text.dropFirst())),
            ]
        } else {
            return nil
        }
    }
}
