/// The text of an event for people.
public struct EventText: Sendable, Equatable {
    /// A sentence without its full stop.
    public let subject: String
    /// More sentences.
    public let detail: String?

    public init(_ subject: String, _ detail: String? = nil) {
        self.subject = subject
        self.detail = detail
    }
}

/// Reads what texts need from an event's data, which is the thing as its owner sees it.
///
/// The data may have been stored by an older version, so missing members are left out of the text.
public struct EventWords: Sendable {
    private let data: JSONValue

    public init(_ data: JSONValue) { self.data = data }

    var title: String { name(data["title"], or: "(untitled)") }
    var gigTitle: String { name(data["gig_title"] ?? data["gig"]?["title"], or: "a gig") }
    var milestoneTitle: String { name(milestone["title"], or: "of a contract") }
    var status: String? { (data["status"] ?? data["state"])?.string?.replacing("_", with: " ") }
    /// Whether an application is gone.
    var isWithdrawn: Bool { data["withdrawn"]?.bool == true }
    var amount: String? { milestone["amount_cents"]?.integer.map(Self.dollars) }
    var matchScore: Int64? { data["match_score"]?.integer }
    var isReleasedByDeadline: Bool { milestone["released_by"]?.string == ReleaseCause.deadline.rawValue }
    var autoReleaseDay: String? { milestone["auto_release_at"]?.string.flatMap { Timestamp($0) }.map { "\($0.day)" } }
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

    /// What was agreed on the flow `escrow_checkout`: `Price: ₹1,200.00.`
    var price: String? { data["checkout"]?["amount_minor"]?.integer.map { "Price: \(Self.rupees($0))." } }

    /// What happened to a contract of the flow `escrow_checkout`: `approved`.
    var checkoutChange: String? {
        switch data["checkout"]?["change"]?.string.flatMap(CheckoutChange.init) {
        case .approved: "approved"
        case .paid: "paid"
        case .canceled: "canceled"
        case .released: "closed, and its money released"
        case .created, .progressed, .releaseRequested, nil: nil
        }
    }

    /// How far a contract of the flow `escrow_checkout` is, and what is to be known beside.
    var checkoutStatus: String? {
        guard let status = data["checkout"]?["status"]?.string else { return nil }
        let isRequested = data["checkout"]?["change"]?.string == CheckoutChange.releaseRequested.rawValue
        return isRequested ? "The client asks for the release of the money." : "Its status is now \(status)."
    }

    /// What happened to the money: `$12.00: refunded.`
    var moneyChange: String? {
        let what = data["change"]?.string?.replacing("_", with: " ")
        return what.map { what in amount.map { "\($0): \(what)." } ?? "It was \(what)." }
    }

    /// What a case is about: `Refund failed. Our books: … The provider: …`
    var caseWords: String? {
        let parts = [
            data["kind"]?.string.map { ($0.prefix(1).uppercased() + $0.dropFirst()).replacing("_", with: " ") },
            data["believed"]?.string.map { "Our books: \($0)" }, data["reported"]?.string.map { "The provider: \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.map { "\($0)." }.joined(separator: " ")
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

    /// The milestone that the event is about: a member of the data, or the data itself.
    private var milestone: JSONValue { data["milestone"] ?? data }

    private func name(_ value: JSONValue?, or other: String) -> String {
        value?.string.map { "“\($0)”" } ?? other
    }

    /// `$12.34`, with a comma between thousands.
    static func dollars(_ cents: Int64) -> String { major(cents, "$") }
    static func rupees(_ paise: Int64) -> String { major(paise, "₹") }

    private static func major(_ minorUnits: Int64, _ symbol: String) -> String {
        let amount = minorUnits.magnitude
        var whole = String(amount / 100)
        var end = whole.count - 3
        while end > 0 {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: end))
            end -= 3
        }
        let rest = amount % 100
        return "\(minorUnits < 0 ? "-" : "")\(symbol)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
