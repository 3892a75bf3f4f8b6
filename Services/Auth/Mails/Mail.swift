import SharedModels

/// A mail to one person.
struct Mail: Sendable, Equatable {
    let address: String
    let subject: String
    let text: String
    /// After this moment it is of no use, and is not sent any more.
    let usefulUntil: Timestamp
}

extension Mail {
    /// The mail's only number of six digits is the code.
    static func code(_ code: OneTimeCode, to address: String, in language: Language, until end: Timestamp) -> Self {
        let texts = MailTexts.all
        return Mail(
            address: address, subject: texts.code[language],
            text: texts.codeText.said(in: language, ["code": code.text]), usefulUntil: end)
    }

    /// - Parameter url: Where the new password is set.
    static func passwordLink(_ url: String, to address: String, in language: Language, until end: Timestamp) -> Self {
        let texts = MailTexts.all
        return Mail(
            address: address, subject: texts.passwordLink[language],
            text: texts.passwordLinkText.said(in: language, ["url": url]), usefulUntil: end)
    }
}
