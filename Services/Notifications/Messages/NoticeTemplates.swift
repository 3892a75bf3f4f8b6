import Mails
import ServiceKit
import SharedModels

/// What notices by mail look like, and codes that confirm a channel.
struct NoticeTemplates: Sendable {
    private let templates: MailTemplates

    /// - Throws: A `BadSetting` that names the file which cannot be used.
    init(folder: String?) throws(BadSetting) {
        templates = try MailTemplates(folder: folder, builtIn: [.notice: [.text: Self.text, .html: Self.html]])
    }

    /// - Returns: `nil` in a form that such a mail does not have.
    func notice(_ message: MessageText, _ form: MailTemplates.Form, home: String, ending: String) -> String? {
        let own = Texts.all.own
        let (language, link) = (message.language, message.link ?? home)
        return templates.render(
            .notice, form,
            MailTemplates.Values(
                subject: message.subject, text: message.text, in: language,
                [
                    "link": link, "home": home, "unsubscribe": ending, "say_open": own.open[language],
                    "say_go_on": own.goOn.said(in: language, ["link": link]), "say_why": own.why[language],
                    "say_end": own.end[language], "say_unsubscribe": own.unsubscribe[language],
                ]))
    }

    /// - Returns: `nil` without a template of the operator's.
    func code(_ code: String, _ message: MessageText, _ form: MailTemplates.Form, home: String) -> String? {
        templates.render(
            .channelCode, form,
            MailTemplates.Values(
                subject: message.subject, text: message.text, in: message.language, ["code": code, "home": home]))
    }

    private static let text = """
        {{text}}

        {{say_go_on}}

        {{say_why}} {{say_end}}
        {{unsubscribe}}
        """

    private static let html = """
        <!doctype html>
        <html lang="{{language}}"><head><meta charset="utf-8"><title>{{subject}}</title></head>
        <body style="font-family: sans-serif; max-width: 40em">
        <h1 style="font-size: 1.2em">{{subject}}</h1>
        {{#lines}}
        <p>{{.}}</p>
        {{/lines}}
        <p><a href="{{link}}">{{say_open}}</a></p>
        <p style="font-size: 0.85em">{{say_why}}
        <a href="{{unsubscribe}}">{{say_unsubscribe}}</a></p>
        </body></html>
        """
}
