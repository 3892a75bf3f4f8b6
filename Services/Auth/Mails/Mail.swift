import Mails
import ServiceKit
import SharedModels

/// A mail to one person.
struct Mail: Sendable, Equatable {
    let address: String
    let subject: String
    let text: String
    /// The same in HTML.
    var html: String?
    /// After this moment it is of no use, and is not sent any more.
    let usefulUntil: Timestamp
    /// How it may look; `nil` when that is decided.
    var look: MailLook?
}

/// Which templates a mail may have, and what they can show besides its subject and text.
struct MailLook: Sendable, Equatable {
    let kind: MailTemplates.Kind
    let language: Language
    let values: [String: String]
}

extension Mail {
    /// The mail's only number of six digits is the code.
    static func code(_ code: OneTimeCode, to address: String, in language: Language, until end: Timestamp) -> Self {
        let texts = MailTexts.all
        return Mail(
            address: address, subject: texts.code[language],
            text: texts.codeText.said(in: language, ["code": code.text]), usefulUntil: end,
            look: MailLook(kind: .registrationCode, language: language, values: ["code": code.text]))
    }

    /// - Parameter url: Where the new password is set.
    static func passwordLink(_ url: String, to address: String, in language: Language, until end: Timestamp) -> Self {
        let texts = MailTexts.all
        return Mail(
            address: address, subject: texts.passwordLink[language],
            text: texts.passwordLinkText.said(in: language, ["url": url]), usefulUntil: end,
            look: MailLook(kind: .passwordLink, language: language, values: ["link": url]))
    }

    /// In the operator's templates, where there are any.
    func dressed(by templates: MailTemplates, home: String) -> Self {
        guard let look else { return self }
        let values = MailTemplates.Values(
            subject: subject, text: text, in: look.language, look.values.merging(["home": home]) { own, _ in own })
        return Mail(
            address: address, subject: subject, text: templates.render(look.kind, .text, values) ?? text,
            html: templates.render(look.kind, .html, values), usefulUntil: usefulUntil)
    }
}
