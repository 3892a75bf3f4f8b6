import Postgres
import ServiceKit
import SharedModels

/// Resend's `POST /emails` (https://resend.com/docs/api-reference/emails/send-email).
struct ResendRoutes: Sendable {
    /// Resend's limit.
    private static let mostRecipients = 50
    private static let members: Set<String> = [
        "from", "to", "subject", "html", "text", "cc", "bcc", "reply_to", "headers", "tags", "attachments",
        "scheduled_at", "react",
    ]

    let desk: MessageDesk

    func register(on routes: RawRoutes) {
        routes.on(.post, "/resend/emails") { request in
            try await desk.faults.pass(request, to: .resend, refusals: Self.refusals) {
                try await send(request)
            }
        }
    }

    private func send(_ request: RawRequest) async throws -> Answer {
        guard Authorization.bearer(request.header("authorization")) != nil else {
            return Self.refusal(401, "missing_api_key", "Missing API key in the authorization header.")
        }
        guard let mail = MessageDesk.object(request.body) else {
            return Self.refusal(400, "validation_error", "The request body is not a JSON object.")
        }
        if let unknown = mail.object?.first(where: { !Self.members.contains($0.name) }) {
            return Self.refusal(422, "validation_error", "Unknown field `\(unknown.name.prefix(100))`.")
        }
        for name in ["from", "to", "subject"] where mail[name] == nil || mail[name] == .null {
            return Self.refusal(422, "missing_required_field", "Missing `\(name)` field.")
        }
        guard mail["from"]?.string?.contains("@") == true else {
            return Self.refusal(422, "invalid_from_address", "Invalid `from` field.")
        }
        guard let text = mail["text"]?.string ?? mail["html"]?.string else {
            return Self.refusal(422, "missing_required_field", "Missing `html` or `text` field.")
        }
        let recipients = Self.recipients(mail["to"])
        guard !recipients.isEmpty, recipients.count <= Self.mostRecipients,
            recipients.allSatisfy({ $0.contains("@") })
        else {
            return Self.refusal(422, "validation_error", "Invalid `to` field.")
        }
        return try await keep(mail, text, recipients, idempotencyKey: request.header("idempotency-key"))
    }

    /// One message per recipient; a repeat under the same key gets the first answer.
    private func keep(
        _ mail: JSONValue, _ text: String, _ recipients: [String], idempotencyKey: String?
    ) async throws -> Answer {
        if let idempotencyKey {
            let earlier = try await desk.messages.find(
                .email, idempotencyKey: idempotencyKey, in: desk.database)
            if let earlier {
                guard earlier.payload.hasSameMembers(as: mail) else {
                    return Self.refusal(
                        409, "invalid_idempotent_request",
                        "Same idempotency key used with a different request payload.")
                }
                return .json(["id": .string("\(earlier.id)")])
            }
        }
        let now = desk.clock.now
        let id = MessageID.make(at: now)
        try await desk.database.transaction { tx in
            for (index, recipient) in recipients.enumerated() {
                try await desk.messages.insert(
                    Message(
                        id: index == 0 ? id : .make(at: now), channel: .email, recipient: recipient,
                        subject: mail["subject"]?.string, text: text, payload: mail, at: now),
                    idempotencyKey: idempotencyKey, in: tx)
            }
        }
        return .json(["id": .string("\(id)")])
    }

    /// The addresses in `a@b`, `Name <a@b>` or a list of such.
    private static func recipients(_ value: JSONValue?) -> [String] {
        let texts = value?.array?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
        return texts.map { text in
            guard let start = text.lastIndex(of: "<"), text.last == ">" else { return text }
            return String(text[text.index(after: start)...].dropLast())
        }
    }

    private static func refusal(_ status: Int, _ name: String, _ message: String) -> Answer {
        .json(
            ["statusCode": .integer(Int64(status)), "name": .string(name), "message": .string(message)],
            status: status)
    }

    private static var refusals: ProviderRefusals {
        var limited = refusal(
            429, "rate_limit_exceeded", "Too many requests. Please limit the number of requests per second.")
        limited.headers.append(("Retry-After", "1"))
        return ProviderRefusals(
            error: refusal(500, "application_error", "An unexpected error occurred."), rateLimit: limited,
            decline: refusal(422, "validation_error", "The recipient is on the suppression list."))
    }
}

extension JSONValue {
    /// Whether both are objects with equal members, in any order: PostgreSQL orders those of `jsonb` its own
    /// way.
    fileprivate func hasSameMembers(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in
                    other[member.name].map { member.value.hasSameMembers(as: $0) } ?? false
                }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.hasSameMembers(as: $1) }
        default: self == other
        }
    }
}
