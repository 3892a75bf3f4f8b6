import SharedModels

/// A mail to one or more people, as text and, if wanted, as the same in HTML.
package struct OutboundMail: Sendable {
    /// A mailbox (RFC 5321, section 4.1.2) with an optional display name.
    package struct Address: Hashable, Sendable {
        package var name: String?
        package var mailbox: String

        package init(_ mailbox: String, name: String? = nil) {
            self.mailbox = mailbox
            self.name = name
        }
    }

    package var from: Address
    package var to: [Address]
    package var subject: String
    package var text: String
    package var html: String?
    package var date: Timestamp
    /// Extra header fields, such as `Auto-Submitted`. ASCII, no line breaks.
    package var headers: [(name: String, value: String)]

    package init(
        from: Address,
        to: [Address],
        subject: String,
        text: String,
        html: String? = nil,
        date: Timestamp,
        headers: [(name: String, value: String)] = []
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.date = date
        self.headers = headers
    }
}
