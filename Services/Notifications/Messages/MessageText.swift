import SharedModels

/// An event in words, for people: pure.
///
/// Data that a message wants and an event does not have is left out; the message stays a sentence.
struct MessageText: Sendable, Equatable {
    /// The longest message of the channels: Discord's 2,000 characters.
    static let limit = 2000

    /// One line.
    let subject: String
    let text: String

    init(_ name: EventName, _ data: JSONValue) {
        let words = Words(data: data)
        let (subject, detail) = Self.sentences(name, words)
        self.subject = Self.line(subject)
        text = String((detail.map { "\(subject). \($0)" } ?? "\(subject).").prefix(Self.limit))
    }

    private init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }

    private static func sentences(_ name: EventName, _ words: Words) -> (subject: String, detail: String?) {
        switch name {
        case .gigCreated:
            ("Your gig \(words.title) was created", words.status.map { "Its status is \($0)." })
        case .gigUpdated:
            ("Your gig \(words.title) was updated", words.status.map { "Its status is now \($0)." })
        case .gigDeleted:
            ("Your gig \(words.title) was deleted", nil)
        case .applicationCreated:
            ("There is a new application to \(words.gigTitle)", words.quoted("message"))
        case .applicationUpdated:
            ("An application to \(words.gigTitle) was \(words.status ?? "updated")", nil)
        case .negotiationCreated:
            ("A negotiation was opened for \(words.gigTitle)", words.terms)
        case .negotiationUpdated:
            ("The negotiation for \(words.gigTitle) was updated", words.negotiationProgress)
        case .contractCreated:
            ("A contract was made for \(words.gigTitle)", words.terms ?? words.status.map { "Its status is \($0)." })
        case .contractUpdated:
            ("The contract for \(words.gigTitle) was updated", words.status.map { "Its status is now \($0)." })
        case .milestoneFunded:
            ("The milestone \(words.milestoneTitle) was funded\(words.amount.map { " with \($0)" } ?? "")", nil)
        case .milestoneReleased:
            (
                "The milestone \(words.milestoneTitle) was released\(words.amount.map { ": \($0)" } ?? "")",
                words.payoutDay.map { "The payout leaves on \($0)." }
            )
        case .disputeCreated:
            ("A dispute was opened about \(words.gigTitle)", words.quoted("reason"))
        case .keyExpiring:
            (
                "Your API key \(words.keyName) expires\(words.expiryDay.map { " on \($0)" } ?? " soon")",
                "Rotate it, or make another one, before it ends."
            )
        }
    }

    /// Cut to a line that fits a mail's subject.
    private static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 0x20 ? " " : $0 }
            ).prefix(200))
    }
}

extension MessageText {
    /// What is said of a stored event; one that users cannot subscribe to is never delivered.
    init(_ delivery: Delivery) {
        // The body was written by us.
        let data = (try? JSONValue.parse(delivery.body))?["data"] ?? .null
        guard let name = EventName(rawValue: delivery.eventName) else {
            self.init(subject: delivery.eventName, text: delivery.eventName)
            return
        }
        self.init(name, data)
    }
}

/// Reads what messages need from an event's data, which is the thing as its owner sees it.
private struct Words {
    let data: JSONValue

    var title: String { name(data["title"], or: "(untitled)") }
    var gigTitle: String { name(data["gig_title"] ?? data["gig"]?["title"], or: "a gig") }
    var milestoneTitle: String { name(milestone["title"], or: "of a contract") }
    var status: String? { (data["status"] ?? data["state"])?.string?.replacing("_", with: " ") }
    var amount: String? { milestone["amount_cents"]?.integer.map(Self.dollars) }
    var payoutDay: String? { milestone["payout_at"]?.string.flatMap { Timestamp($0) }.map { "\($0.day)" } }

    var keyName: String { name(data["name"], or: data["prefix"]?.string.map { "\($0)…" } ?? "(unnamed)") }
    var expiryDay: String? { data["expires_at"]?.string.flatMap { Timestamp($0) }.map { "\($0.day)" } }

    /// `Rate $12.50 an hour, 20 hours a week, from 2026-01-31.`
    var terms: String? {
        let parts = [
            data["rate_cents"]?.integer.map { "\(Self.dollars($0)) an hour" },
            data["hours_per_week"]?.integer.map { "\($0.counted("hour")) a week" },
            data["start_date"]?.string.map { "from \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : "Terms: \(parts.joined(separator: ", "))."
    }

    var negotiationProgress: String? {
        let state = status.map { "It is now \($0)" }
        let round = data["round_number"]?.integer.flatMap { $0 > 0 ? "round \($0)" : nil }
        guard let head = state ?? round else { return terms }
        let progress = state != nil && round != nil ? "\(head), \(round ?? "")." : "\(head)."
        return terms.map { "\(progress) \($0)" } ?? progress
    }

    func quoted(_ member: String) -> String? {
        guard let text = data[member]?.string, !text.isEmpty else { return nil }
        return "“\(text.prefix(500))\(text.count > 500 ? "…" : "")”"
    }

    /// The event is about one milestone, which is in a member of its own or the data itself.
    private var milestone: JSONValue { data["milestone"] ?? data }

    private func name(_ value: JSONValue?, or other: String) -> String {
        value?.string.map { "“\($0)”" } ?? other
    }

    /// `$12.34`, with a comma between thousands.
    static func dollars(_ cents: Int64) -> String {
        let amount = cents.magnitude
        var whole = String(amount / 100)
        var end = whole.count - 3
        while end > 0 {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: end))
            end -= 3
        }
        let rest = amount % 100
        return "\(cents < 0 ? "-" : "")$\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
