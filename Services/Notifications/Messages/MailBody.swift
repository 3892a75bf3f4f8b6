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
    ///   - home: Where the reader goes on: the web client.
    ///   - ending: A link that ends these mails (RFC 2369, RFC 8058).
    init(_ message: MessageText, home: String, ending: String) {
        text = """
            \(message.text)

            Go on at \(home)

            You get this because your address is a notification channel at Guildhall. To get no more of it:
            \(ending)
            """
        html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(Markup.escape(message.subject))</title></head>
            <body style="font-family: sans-serif; max-width: 40em">
            <h1 style="font-size: 1.2em">\(Markup.escape(message.subject))</h1>
            <p>\(Markup.escape(message.text).replacing("\n", with: "<br>"))</p>
            <p><a href="\(Markup.escape(home))">Go on at Guildhall</a></p>
            <p style="font-size: 0.85em">You get this because your address is a notification channel at Guildhall.
            <a href="\(Markup.escape(ending))">Unsubscribe</a></p>
            </body></html>
            """
        headers = ["List-Unsubscribe": "<\(ending)>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"]
    }
}
