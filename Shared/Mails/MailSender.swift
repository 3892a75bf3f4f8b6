import OutboundHTTP
import ServiceKit
import SharedModels

/// Hands mails to the mail server, or to Resend.
package struct MailSender: Sendable {
    /// What became of an attempt. What fails on the way is an `OutboundError`.
    package enum Outcome: Sendable {
        /// The mail server took it.
        case taken
        /// Resend's answer, whatever it says.
        case answered(OutboundResponse)
        /// This server is not set up to send mail.
        case unconfigured
    }

    /// What a person reads, and what their mail program does with it.
    package struct Letter: Sendable {
        let subject: String
        let text: String
        /// The same in HTML.
        let html: String?
        let headers: [(name: String, value: String)]

        package init(
            subject: String, text: String, html: String? = nil, headers: [(name: String, value: String)] = []
        ) {
            self.subject = subject
            self.text = text
            self.html = html
            self.headers = headers
        }
    }

    /// The operator has set the address, so it may lead anywhere.
    private static let trusted = OutboundPolicy.userSupplied(.open)
    /// How much of Resend's answer is read, in bytes.
    private static let answerLimit = 1024

    let settings: MailSettings
    let http: OutboundHTTP

    package init(_ settings: MailSettings, http: OutboundHTTP) {
        self.settings = settings
        self.http = http
    }

    /// Makes one attempt.
    ///
    /// - Parameter idempotencyKey: The same in every attempt for the same mail. Resend sends the mail once; a mail
    ///   server sends it again if its answer was lost.
    package func send(
        _ letter: Letter, to address: String, at now: Timestamp, idempotencyKey: String, deadline: Duration
    ) async throws -> Outcome {
        if let smtp = settings.smtpURL {
            let mail = OutboundMail(
                from: settings.from, to: [.init(address)], subject: letter.subject, text: letter.text,
                html: letter.html, date: now, headers: [("Auto-Submitted", "auto-generated")] + letter.headers)
            try await http.sendMail(mail, smtpURL: smtp.reveal(), deadline: deadline)
            return .taken
        }
        guard let key = settings.resendKey else { return .unconfigured }
        let from = settings.from.name.map { "\($0) <\(settings.from.mailbox)>" } ?? settings.from.mailbox
        var body: [JSONMember] = [
            JSONMember("from", .string(from)), JSONMember("to", [.string(address)]),
            JSONMember("subject", .string(letter.subject)), JSONMember("text", .string(letter.text)),
        ]
        if let html = letter.html { body.append(JSONMember("html", .string(html))) }
        if !letter.headers.isEmpty {
            body.append(JSONMember("headers", .object(letter.headers.map { JSONMember($0.name, .string($0.value)) })))
        }
        var request = OutboundRequest.json(
            .post, "\(settings.resendBase)/emails", headers: [Authorization.showing(key.reveal())],
            body: JSONValue.object(body).bytes, idempotencyKey: idempotencyKey)
        request.deadline = deadline
        request.maximumResponseBytes = Self.answerLimit
        return .answered(try await http.send(request, Self.trusted))
    }
}
