import SharedModels

/// Reads what texts need from an event's data, in its reader's words.
///
/// The data may have been stored by an older version, so what is missing is left out of the text, or has another word.
struct EventWords: Sendable {
    let data: JSONValue
    let reader: Reader
    let names: KnownNames

    private let words = Texts.all.words
    private var language: Language { reader.language }

    init(_ data: JSONValue, for reader: Reader, names: KnownNames = [:]) {
        self.data = data
        self.reader = reader
        self.names = names
    }

    // MARK: - People

    /// The reader's side of a deal; `nil` when the data do not tell.
    var side: PartyRole? {
        if account("client_user_id") == reader.account { return .client }
        if account("worker_user_id") == reader.account { return .worker }
        return nil
    }

    /// Everybody whom the data name, but the reader.
    var others: [AccountID] {
        var members = ["client_user_id", "worker_user_id", "sender_id", "started_by"]
        if account("matched_user_id") != nil { members += ["user_id", "matched_user_id"] }
        return members.compactMap(account).filter { $0 != reader.account }
    }

    func account(_ member: String) -> AccountID? { data[member]?.string.flatMap { AccountID($0) } }

    private func name(_ member: String) -> String? {
        account(member).flatMap { names[$0] }.map { String($0.prefix(100)) }
    }

    private func name(_ member: String, or phrase: Phrase) -> String { name(member) ?? phrase[language] }

    func name(of role: PartyRole) -> String {
        switch role {
        case .client: name("client_user_id", or: words.client)
        case .worker: name("worker_user_id", or: words.worker)
        }
    }

    var applicant: String { name("worker_user_id", or: words.somebody) }
    var sender: String { name("sender_id", or: words.somebody) }
    var starter: String { name("started_by", or: words.somebody) }

    /// Whom the reader was matched with, by name.
    var matched: String? { name(matchedMember) }
    var matchedAccount: AccountID? { account(matchedMember) }

    private var matchedMember: String {
        account("matched_user_id") == reader.account ? "user_id" : "matched_user_id"
    }

    /// Whether the reader decided about a match.
    var hasDecided: Bool { account("user_id") == reader.account }

    // MARK: - Things

    var title: String { title(data["title"], or: words.untitled) }
    var gigTitle: String { title(data["gig_title"] ?? data["gig"]?["title"], or: words.aGig) }
    /// The work that a match is about.
    var workTitle: String? {
        guard let title = data["work"]?["title"]?.string, !title.isEmpty else { return nil }
        return words.quoted.said(in: language, ["text": title])
    }
    var milestoneTitle: String { title(milestone["title"], or: words.ofAContract) }
    var keyName: String {
        guard data["name"]?.string == nil, let prefix = data["prefix"]?.string else {
            return title(data["name"], or: words.unnamed)
        }
        return "\(prefix)…"
    }

    /// The milestone that the event is about: a member of the data, or the data itself.
    private var milestone: JSONValue { data["milestone"] ?? data }

    private func title(_ value: JSONValue?, or phrase: Phrase) -> String {
        value?.string.map { words.quoted.said(in: language, ["text": $0]) } ?? phrase[language]
    }

    func quoted(_ member: String) -> String? {
        guard let text = data[member]?.string, !text.isEmpty else { return nil }
        return words.quoted.said(in: language, ["text": "\(text.prefix(500))\(text.count > 500 ? "…" : "")"])
    }

    // MARK: - States

    var state: String? { (data["status"] ?? data["state"])?.string }

    /// A sentence about the state.
    func status(_ phrase: Phrase) -> String? {
        (checkout?["status"] ?? data["status"])?.string.map { state in
            let name = Texts.all.statuses.phrase(of: state)?[language] ?? state.replacing("_", with: " ")
            return phrase.said(in: language, ["status": name])
        }
    }

    var checkout: JSONValue? { data["checkout"] }
    var checkoutChange: CheckoutChange? { checkout?["change"]?.string.flatMap(CheckoutChange.init) }

    /// What `side` can do now, by the names of the actions.
    func actions(of side: PartyRole) -> Set<String> {
        let milestones = (data["milestones"]?.array ?? []).compactMap { $0["next_actions"]?.array }
        let offered = (data["next_actions"]?.array ?? []) + milestones.joined()
        return Set(
            offered.filter { action in
                action["by"]?.array?.contains(.string(side.rawValue)) == true
            }.compactMap { $0["action"]?.string })
    }

    // MARK: - Money and time

    var amount: String? { milestone["amount_cents"]?.integer.map { money($0, currency) } }
    var balance: String? { data["balance_cents"]?.integer.map { money($0, currency) } }
    var transfer: String? { data["transfer_cents"]?.integer.map { money($0, currency) } }
    private var currency: Currency { data["currency"]?.string.flatMap(Currency.init) ?? .usd }

    /// The day of a time, in UTC.
    func day(_ member: String) -> String? {
        (milestone[member] ?? data[member])?.string.flatMap { Timestamp($0)?.day ?? CalendarDay($0) }.map(say)
    }

    /// `Terms: $12.50 an hour, 20 hours a week, from January 31, 2026.`
    var terms: String? {
        let hours = data["hours_per_week"]?.integer.map { count in
            count == 1 ? words.oneHour[language] : words.hours.said(in: language, ["hours": "\(count)"])
        }
        let parts = [
            data["rate_cents"]?.integer.map { words.rate.said(in: language, ["amount": money($0, .usd)]) }, hours,
            day("start_date").map { words.from.said(in: language, ["day": $0]) },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : words.terms.said(in: language, ["terms": parts.joined(separator: ", ")])
    }

    /// What was agreed on the flow `escrow_checkout`.
    var price: String? {
        checkout?["amount_minor"]?.integer.map { words.price.said(in: language, ["amount": money($0, .inr)]) }
    }

    private func say(_ day: CalendarDay) -> String {
        let civil = day.civil
        return words.day.said(
            in: language,
            ["day": "\(civil.day)", "month": words.months[civil.month - 1][language], "year": "\(civil.year)"])
    }

    /// `$1,234.50` in English, `1.234,50 $` in German.
    func money(_ minorUnits: Int64, _ currency: Currency) -> String {
        let (group, point, isBefore) =
            switch language {
            case .english: (",", ".", true)
            case .german: (".", ",", false)
            }
        let symbol =
            switch currency {
            case .usd: "$"
            case .inr: "₹"
            }
        let amount = minorUnits.magnitude
        var whole = String(amount / 100)
        var end = whole.count - 3
        while end > 0 {
            whole.insert(contentsOf: group, at: whole.index(whole.startIndex, offsetBy: end))
            end -= 3
        }
        let rest = amount % 100
        let number = "\(whole)\(point)\(rest < 10 ? "0" : "")\(rest)"
        let sign = minorUnits < 0 ? "-" : ""
        // A space that breaks no line.
        return isBefore ? "\(sign)\(symbol)\(number)" : "\(sign)\(number)\u{A0}\(symbol)"
    }
}
