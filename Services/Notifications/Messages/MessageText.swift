import SharedModels

/// An event as a text for people. Pure.
///
/// Data that a message mentions but the event lacks is left out; the message stays a sentence.
struct MessageText: Sendable, Equatable {
    /// The shortest limit of all channels: Discord's 2,000 characters.
    static let limit = 2000

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
                text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 0x20 ? " " : $0 }
            ).prefix(200))
    }
}

extension MessageText {
    /// The text for a stored event. An event that users cannot subscribe to is never delivered.
    init(_ delivery: Delivery) { self.init(event: delivery.eventName, body: delivery.body) }

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
