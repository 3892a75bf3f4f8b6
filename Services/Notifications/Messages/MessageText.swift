import SharedModels

/// An event as a text for people, in its reader's language. Pure.
///
/// Data that a message mentions but the event lacks is left out; the message stays a sentence.
struct MessageText: Sendable, Equatable {
    /// In characters. Providers take less of it, each by its own measure: see ``InertText``.
    static let limit = 4000

    let language: Language
    /// One line.
    let subject: String
    /// What happened, and what to do next.
    let text: String
    /// Where the thing is; `nil` when it has no page.
    let link: String?
    /// The code that it tells; `nil` when it is a notice.
    let code: String?

    /// - Parameter home: The web client.
    init(_ told: Told, in language: Language, home: String) {
        self.language = language
        subject = Self.line(told.subject)
        let happened = (["\(told.subject)."] + told.details).joined(separator: " ")
        let next = told.step.map { "\n\($0)" } ?? ""
        text = String(happened.prefix(Self.limit - next.count)) + next
        link = told.path.map { home + $0 }
        code = nil
    }

    /// The code that confirms a channel. It holds no word of a user's.
    init(code: String, in language: Language) {
        let own = Texts.all.own
        self.language = language
        subject = own.code[language]
        text = own.codeText.said(
            in: language, ["code": code, "minutes": "\(ChannelCodes.validity.components.seconds / 60)"])
        link = nil
        self.code = code
    }

    /// An event as it was stored. One that users cannot subscribe to is never shown.
    ///
    /// - Parameter body: As it is sent.
    init(event: String, body: [UInt8], for reader: Reader, names: KnownNames = [:], home: String) {
        let teller = Teller(EventWords(Self.data(of: body), for: reader, names: names))
        let told =
            EventName(rawValue: event).map(teller.tell) ?? OwnEvent(rawValue: event).map(teller.tell) ?? Told(event)
        self.init(told, in: reader.language, home: home)
    }

    /// Whose names a message about an event needs.
    static func accounts(inBody body: [UInt8], for reader: Reader) -> [AccountID] {
        EventWords(data(of: body), for: reader).others
    }

    private static func data(of body: [UInt8]) -> JSONValue {
        // The body was written by us, so it is valid JSON.
        (try? JSONValue.parse(body))?["data"] ?? .null
    }

    /// Cuts the text to a line that fits a mail's subject.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                InertText.clean(text).unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
            ).prefix(200))
    }
}
