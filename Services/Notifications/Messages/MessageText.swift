import SharedModels

/// An event as a text for people. Pure.
///
/// Data that a message mentions but the event lacks is left out; the message stays a sentence.
struct MessageText: Sendable, Equatable {
    /// In characters. Providers take less of it, each by its own measure: see ``InertText``.
    static let limit = 4000

    /// One line.
    let subject: String
    let text: String

    init(_ name: EventName, _ data: JSONValue) { self.init(name.event.text(EventWords(data))) }

    private init(_ said: EventText) {
        subject = Self.line(said.subject)
        text = String((said.detail.map { "\(said.subject). \($0)" } ?? "\(said.subject).").prefix(Self.limit))
    }

    private init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }

    /// Cuts the text to a line that fits a mail's subject.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                InertText.clean(text).unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
            ).prefix(200))
    }
}

extension MessageText {
    /// The text for a stored event. An event that users cannot subscribe to is never delivered.
    init(_ delivery: Delivery) { self.init(event: delivery.eventName, body: delivery.body) }

    /// The code that confirms a channel. It holds no word of a user's.
    init(code: String) {
        self.init(
            subject: "Your code for Guildhall",
            text: """
                \(code) is your code. Enter it to get Guildhall's messages here. It is valid for \
                \(ChannelCodes.validity.components.seconds / 60) minutes. If you did not ask for it, do nothing.
                """)
    }

    /// - Parameter body: As it is sent.
    init(event: String, body: [UInt8]) {
        // The body was written by us, so it is valid JSON.
        let data = (try? JSONValue.parse(body))?["data"] ?? .null
        guard let name = EventName(rawValue: event) else {
            if let own = OwnEvent(rawValue: event) {
                self.init(own.text(data))
                return
            }
            self.init(subject: event, text: event)
            return
        }
        self.init(name, data)
    }
}
