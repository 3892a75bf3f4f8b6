import Mails
import ServiceKit
import SharedModels

/// A message as a mail. Pure.
struct MailBody: Sendable, Equatable {
    let text: String
    /// The same in HTML. It loads nothing.
    let html: String?
    let headers: [String: String]

    /// A code stands alone: nothing else in the mail may look like one.
    init(code: String, _ message: MessageText, _ templates: NoticeTemplates, home: String) {
        text = templates.code(code, message, .text, home: home) ?? message.text
        html = templates.code(code, message, .html, home: home)
        headers = [:]
    }

    /// - Parameters:
    ///   - home: Where the reader goes on, unless the message is about a thing: the web client.
    ///   - ending: A link that ends these mails (RFC 2369, RFC 8058).
    init(_ message: MessageText, _ templates: NoticeTemplates, home: String, ending: String) {
        text = templates.notice(message, .text, home: home, ending: ending) ?? message.text
        html = templates.notice(message, .html, home: home, ending: ending)
        headers = ["List-Unsubscribe": "<\(ending)>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"]
    }
}
