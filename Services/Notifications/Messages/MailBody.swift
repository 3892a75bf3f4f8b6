import SharedModels

/// A message as a mail. Pure.
struct MailBody: Sendable, Equatable {
    let text: String
    /// The same in HTML. It loads nothing.
    let html: String?
    let headers: [String: String]

    /// A code stands alone: nothing else in the mail may look like one.
    init(code message: MessageText) {
        text = message.text
        html = nil
        headers = [:]
    }

    /// - Parameters:
    ///   - home: Where the reader goes on, unless the message is about a thing: the web client.
    ///   - ending: A link that ends these mails (RFC 2369, RFC 8058).
    init(_ message: MessageText, _ templates: MailTemplates, home: String, ending: String) {
        text = templates.text(message, home: home, ending: ending)
        html = templates.html(message, home: home, ending: ending)
        headers = ["List-Unsubscribe": "<\(ending)>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"]
    }
}
